"""The planner that carries out a plan which somebody wrote."""
