"""Kinematics and inverse kinematics: the place of the arm, and the postures that bring it somewhere."""
