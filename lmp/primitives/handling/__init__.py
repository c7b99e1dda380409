"""Grasps, pushes and slides of an object by the gripper, and who touches whom."""
