"""Keys of providers: from the environment or from `.env` in the working directory, and never shown."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

from dotenv import dotenv_values

from lmp.errors import SetupFault
from lmp.planners.model.faults import NotAuthorised

HIDDEN = "[key]"
DUMMY = "no-key"
"""Sent to servers of one's own, which want some key or none."""
SHORTEST, LONGEST = 8, 4096
"""Shortest and longest text that is taken for a key [characters]."""


class Key:
    """A key. It is in no repr and no pickle; whoever needs it asks for it in a call that signs a request.

    Args:
        value: The key; None for a server that wants none.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str | None):
        self._value = value

    @property
    def known(self) -> bool:
        """Whether there is a key."""
        return self._value is not None

    def __repr__(self) -> str:
        return "Key(hidden)" if self.known else "Key(none)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not written anywhere")

    def signature(self, before: str = "") -> str:
        """What a header carries, such as ``Bearer ...``."""
        return before + (self._value or DUMMY)

    def hidden_in(self, text: str) -> str:
        """A text without the key: a server may have sent it back."""
        return text.replace(self._value, HIDDEN) if self._value else text

    def hidden_in_bytes(self, data: bytes) -> bytes:
        """The same for bytes."""
        return data.replace(self._value.encode(), HIDDEN.encode()) if self._value else data


def key_of(provider: str, variable: str, needed: bool) -> Key:
    """A provider's key.

    Args:
        provider: Its name, for the message.
        variable: Where the key stands: in the environment, or else in `.env`.
        needed: Whether nothing works without one.

    Raises:
        NotAuthorised: There is none.
        SetupFault: What stands there is no key.
    """
    value = (os.environ.get(variable) or _in_file(variable) or "").strip()
    if value:
        if not (SHORTEST <= len(value) <= LONGEST and value.isascii() and value.isprintable() and " " not in value):
            raise SetupFault(
                f"{variable} does not hold a key: it has {len(value)} characters; a key has {SHORTEST} to {LONGEST} "
                "printable ASCII characters and no blanks."
            )
        return Key(value)
    if needed:
        raise NotAuthorised(
            f"There is no key for {provider}: set {variable} in the environment, or write {variable}=... into a file .env "
            "in the working directory."
        )
    return Key(None)


def _in_file(variable: str) -> str | None:
    """A variable of the `.env` in the working directory."""
    path = Path(".env")
    if not path.is_file():
        return None
    try:
        return dotenv_values(path, interpolate=False).get(variable)
    except (OSError, UnicodeDecodeError) as error:
        kind = type(error).__name__
    raise SetupFault(f"The file .env in the working directory cannot be read ({kind}); it holds lines like {variable}=...")
