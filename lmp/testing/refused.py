"""Expects a call to be refused."""

from __future__ import annotations

from collections.abc import Callable


def refused(call: Callable[[], object], *kinds: type[Exception]) -> Exception:
    """The error with which a call is refused; fails where it is not, or with another."""
    try:
        answer = call()
    except kinds as error:
        assert str(error), f"{type(error).__name__} says nothing"
        return error
    raise AssertionError(
        f"it was taken, and answered {answer!r:.200}; it has to raise {' or '.join(k.__name__ for k in kinds)}"
    )
