"""What is wrong with a sampled motion, or with a pose that cannot be reached."""
