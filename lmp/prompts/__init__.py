"""Prompts speak: one Markdown file a question, and the reading and checking of such files."""
