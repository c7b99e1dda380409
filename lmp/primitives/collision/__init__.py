"""Distances between the robot, what it holds and the scene."""
