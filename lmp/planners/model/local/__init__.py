"""Weights on this machine: where they run, how they are asked, how their answers are held to a schema."""
