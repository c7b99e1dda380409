"""The steps of a run, what it remembers and what it tells; `lmp/loop.py` puts them in their order."""
