"""What every HTTP exchange with a provider goes through: signed late, bounded, and without the key on the way back.

The SDKs never hold the key, so it cannot be in what they log, raise or show. It is put on a request as that leaves, and taken
out of what comes back before anyone reads it.
"""

from __future__ import annotations

import time
from typing import Any

from lmp.planners.model.keys import Key

MOST_BYTES = 8_000_000
"""Longest body that is read [bytes]; what is longer is cut, and so is no JSON any more."""
_DROPPED = ("content-encoding", "content-length", "transfer-encoding")
_PHASES = ("connect", "read", "write", "pool")


class Sealed:
    """Stands before an SDK's own HTTP client class, as ``class Client(Sealed, openai.DefaultHttpxClient)``."""

    key: Key
    header: str
    before: str
    deadline: float
    late: type[Exception]
    too_long = False

    def seal(self, key: Key, header: str, before: str, seconds: float, late: type[Exception]) -> None:
        """Says what it signs with.

        Args:
            key: The key.
            header: The header that carries it.
            before: What stands before the key in the header.
            seconds: How long all tries together may take, from now on [s].
            late: Raised when that is over; the SDK's own base error, since it tries again after any other.
        """
        self.key, self.header, self.before, self.late = key, header, before, late
        self.deadline = time.monotonic() + seconds

    def send(self, request: Any, **how: Any) -> Any:
        """Sends a signed request and reads the whole answer. Redirects are not followed: they would carry the key elsewhere."""
        left = self.deadline - time.monotonic()
        if left <= 0.0:
            raise self.late("timed out")
        request.headers[self.header] = self.key.signature(self.before)
        request.extensions = {**request.extensions, "timeout": dict.fromkeys(_PHASES, left)}
        response = super().send(request, **{**how, "stream": True, "follow_redirects": False})  # type: ignore[misc]
        try:
            body = self._body(response)
        finally:
            response.close()
        headers = [
            (name, self.key.hidden_in(value)) for name, value in response.headers.multi_items() if name.lower() not in _DROPPED
        ]
        if _seconds(response.headers.get("retry-after")) > self.deadline - time.monotonic():
            headers.append(("x-should-retry", "false"))  # the SDK would wait beyond the end
        return type(response)(
            response.status_code, headers=headers, content=self.key.hidden_in_bytes(body), request=response.request
        )

    def _body(self, response: Any) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MOST_BYTES:
                self.too_long = True
                break
            if time.monotonic() > self.deadline:
                raise self.late("timed out")
        return bytes(body[:MOST_BYTES])


def _seconds(told: str | None) -> float:
    """How long a server wants to be left alone [s]; 0 where it does not say so in seconds."""
    try:
        return float(told or 0.0)
    except ValueError:
        return 0.0
