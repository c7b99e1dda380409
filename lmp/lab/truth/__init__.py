"""The truth of tasks, which shares no code with the verifier."""
