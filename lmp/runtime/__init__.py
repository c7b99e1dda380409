"""The runtime: agent, loop, recoveries and report."""
