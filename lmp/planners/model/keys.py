"""Keys of providers: from the environment or from `.env` in the working directory, and never shown."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

from dotenv import dotenv_values

from lmp.errors import SetupFault

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
        """True if there is a key."""
        return self._value is not None

    def __repr__(self) -> str:
        return "Key(hidden)" if self.known else "Key(none)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not written anywhere")

    def signature(self, before: str = "") -> str:
        """The value of a header that carries the key, such as ``Bearer ...``."""
        return before + (self._value or DUMMY)

    def hidden_in(self, text: str) -> str:
        """A text without the key: a server may have sent it back."""
        return text.replace(self._value, HIDDEN) if self._value else text

    def hidden_in_bytes(self, data: bytes) -> bytes:
        """The same for bytes."""
        return data.replace(self._value.encode(), HIDDEN.encode()) if self._value else data


def key_of(variable: str) -> Key:
    """A provider's key, if there is one.

    Args:
        variable: Where it stands: in the environment, or else in `.env`.

    Raises:
        SetupFault: What stands there is no key.
    """
    value = (os.environ.get(variable) or _in_file(variable) or "").strip()
    if value and not (SHORTEST <= len(value) <= LONGEST and value.isascii() and value.isprintable() and " " not in value):
        raise SetupFault(
            f"{variable} does not hold a key: it has {len(value)} characters; a key has {SHORTEST} to {LONGEST} "
            "printable ASCII characters and no blanks."
        )
    return Key(value or None)


def first_key(variables: tuple[str, ...]) -> tuple[str, Key]:
    """The first of these variables that holds a key, and the key; the first variable and no key if none does.

    Raises:
        SetupFault: What stands in one of them is no key.
    """
    found = ((variable, key_of(variable)) for variable in variables)
    return next(((variable, key) for variable, key in found if key.known), (variables[0], Key(None)))


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
