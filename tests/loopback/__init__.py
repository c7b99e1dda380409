"""A real HTTP server on this machine that speaks the protocols of model providers, from scripted answers and faults."""
