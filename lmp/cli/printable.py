"""Words that are safe to print, whoever wrote them."""

from __future__ import annotations


def printable(words: str) -> str:
    """The words on one line; control and direction characters, which could forge output, show as a replacement mark."""
    return "".join(sign if sign.isprintable() else " " if sign.isspace() else "\N{REPLACEMENT CHARACTER}" for sign in words)
