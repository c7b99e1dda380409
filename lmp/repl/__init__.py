"""Talking to the robot line by line: a plan to look at, approval, motion, corrections in words, and back again."""
