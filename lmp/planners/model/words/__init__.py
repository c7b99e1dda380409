"""The words that a model is told: plain text from the schema's objects, deterministic, bounded, with names as JSON strings."""
