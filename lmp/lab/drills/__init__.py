"""Drills that show what the system endures: kills at every stage, and hours of mixed work."""
