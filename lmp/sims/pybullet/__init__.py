"""The PyBullet world: a robot, contacts and cameras, stepped deterministically."""
