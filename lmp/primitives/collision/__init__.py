"""How near the robot, what it holds and the scene come to each other."""
