"""Things that go wrong on purpose, so that recovery can be tested: a file a kind, a table, and who lets them strike.

`lmp run --disturb KIND[:AMOUNT]`. A new kind is one file and one entry of `kinds.DISTURBANCES`.
"""
