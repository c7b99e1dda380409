"""How fast a joint path may be followed, and its samples in time."""
