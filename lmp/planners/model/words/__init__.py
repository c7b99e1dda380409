"""What a model is told in words: plain text from the schema's objects, deterministic, bounded, with names as JSON strings."""
