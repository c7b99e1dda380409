"""Reads what people write: text and data files, within bounds, with complaints that say what is allowed."""
