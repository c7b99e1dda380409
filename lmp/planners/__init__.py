"""Planners ask a model, or a grammar, what to do."""
