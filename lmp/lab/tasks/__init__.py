"""Tasks as data files, and what fills them in for a seed."""
