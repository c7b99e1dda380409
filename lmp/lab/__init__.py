"""The laboratory: tasks, truth, evaluation, disturbances, drills. It wraps the runtime, which imports none of it."""
