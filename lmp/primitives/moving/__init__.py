"""Motions in progress: a tool on its way, whose goal may change."""
