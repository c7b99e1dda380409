"""Execution: trajectories followed, watched and stopped, in simulation and on hardware."""
