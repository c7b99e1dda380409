"""Monitoring while an arm moves: the grip, contact forces, the arm itself, and whether objects are still in their place."""
