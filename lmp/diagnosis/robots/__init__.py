"""Looks at a robot file: what is missing in it, and what in it contradicts its URDF."""
