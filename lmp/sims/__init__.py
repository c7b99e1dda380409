"""Worlds: what moves, simulated or real."""
