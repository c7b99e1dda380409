"""What the robot can do, one file a skill: its parameters, the ways to do it, and what it changes in the scene."""
