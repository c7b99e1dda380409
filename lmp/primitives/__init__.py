"""Primitives compute: from typed parameters to checked joint trajectories."""
