"""The questions that a model is asked: what goes with each, and what becomes of the answer."""
