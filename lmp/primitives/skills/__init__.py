"""Skills of the robot, one file a skill: its parameters, its candidates, and what it changes in the scene."""
