"""Timing of a joint path within the limits, and its samples in time."""
