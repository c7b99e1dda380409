"""Keeps keys out of what is shown: whatever a server sends back, no part of a key is printed."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

SHORTEST_PART = 6
"""A piece of a key of this length counts as the key itself [characters]."""
WITHHELD = "(not shown: it holds a part of a key)"


class Secrets:
    """The secrets that must not be shown.

    Args:
        values: Keys, tokens, passwords.
    """

    def __init__(self, values: Iterable[str]):
        self._values = tuple({value for value in values if value})

    def __repr__(self) -> str:
        return f"Secrets({len(self._values)})"

    def safe(self, text: str) -> str:
        """The text, or a note in its place if a part of a secret is in it."""
        return WITHHELD if any(_share(text, value) for value in self._values) else text


def safe_url(url: str) -> str:
    """A URL without user, password, query and fragment."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port is not None else ""
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    except ValueError:
        return "(a URL that cannot be read)"
    return f"{parts.scheme}://{host}{port}{parts.path}"[:300]


def secrets_in(url: str) -> list[str]:
    """The parts of a URL that must not be shown."""
    try:
        parts = urlsplit(url)
        return [part for part in (parts.password, parts.query, parts.fragment) if part]
    except ValueError:
        return [url]


def _share(text: str, secret: str) -> bool:
    """True if a piece of the secret is in the text; of a very short secret the whole."""
    length = min(SHORTEST_PART, len(secret))
    return any(secret[start : start + length] in text for start in range(len(secret) - length + 1))
