"""The laboratory's commands and options."""
