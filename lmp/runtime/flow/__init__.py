"""The steps of a run, what it remembers and what it tells; `lmp/runtime/loop.py` puts them in their order."""
