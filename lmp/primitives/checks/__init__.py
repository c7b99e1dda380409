"""Checks of a sampled motion, and complaints about a pose that cannot be reached."""
