"""What the system is put through to see what it endures: kills at every stage, and hours of mixed work."""
