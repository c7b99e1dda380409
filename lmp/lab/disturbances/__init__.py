"""Disturbances: faults on purpose, so that recovery can be tested. A file a kind, a table, and the world that they strike.

The option `disturb=KIND` or `disturb=KIND:AMOUNT` of a world's address, or `lmp run --disturb KIND[:AMOUNT]`. A new kind is
one file and one entry of `kinds.DISTURBANCES`.
"""

OPTION = "disturb"
"""The option of an address that wraps its world in a `DisturbedWorld`."""
