"""The deterministic planner: a grammar, a lexicon and a resolver for manipulation English."""
