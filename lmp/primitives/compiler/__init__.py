"""From a typed primitive to a checked joint trajectory, and to the scene after it."""
