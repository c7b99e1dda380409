"""The test for an error that means that there was not enough memory; each device has its own way to say so."""

from __future__ import annotations

_SAID = ("out of memory", "can't allocate memory", "not enough memory")


def out_of_memory(error: BaseException) -> bool:
    """True if a device, or this machine, ran out of memory."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError) and any(words in str(error).lower() for words in _SAID)
