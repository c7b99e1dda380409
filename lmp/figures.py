"""Numbers in words that can be told from what is allowed."""

from __future__ import annotations

MOST = 17
"""Digits that tell any two numbers apart [count]."""
SHARE = 0.25
"""How much of the difference rounding may be, so that the words tell it as it is [dimensionless]."""


def apart(value: float, limit: float, digits: int = 3, form: str = "f") -> tuple[str, str]:
    """A number and its limit with so many digits, or with the fewest more that show by how much they differ.

    Args:
        value: What was found.
        limit: What is allowed, in the same unit.
        digits: Decimals for the form "f", significant digits for "g" [count].
        form: "f" or "g", as in format strings.
    """
    for more in range(digits, MOST + 1):
        words = f"{value:.{more}{form}}", f"{limit:.{more}{form}}"
        rounding = max(abs(float(words[0]) - value), abs(float(words[1]) - limit))
        if rounding <= SHARE * abs(value - limit) and words[0] != words[1]:
            return words
    return f"{value:.{digits}{form}}", f"{limit:.{digits}{form}}"
