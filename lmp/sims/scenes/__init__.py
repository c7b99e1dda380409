"""Scenes as data files, and what turns them into shapes with places."""
