"""HTTP client of every provider's client: signed late, bounded, in the server's dialect, without the key on the way back.

The SDKs never hold the key, so it cannot be in what they log, raise or show. It is put on a request as that leaves, and taken
out of what comes back before anyone reads it.
"""

from __future__ import annotations

import json
import time
from typing import Any

from lmp.planners.model.addresses import is_loopback
from lmp.planners.model.dialect import Dialect
from lmp.planners.model.keys import Key
from lmp.planners.model.server_error import ServerError, server_error

MOST_BYTES = 8_000_000
"""Longest body that is read [bytes]; what is longer is cut, and so is no JSON any more."""
_DROPPED = ("content-encoding", "content-length", "transfer-encoding")
_PHASES = ("connect", "read", "write", "pool")


class Sealed:
    """Stands before an SDK's own HTTP client class; see `http_client`.

    Attributes:
        error: What the last answer has against the request; None where it has nothing, or where there was no answer.
        change: The dialect in which the server may take what it refused; None where its words name nothing.
        body: The last answer, as it came, without the key.
    """

    key: Key
    header: str
    before: str
    deadline: float
    late: type[Exception]
    dialect: Dialect
    too_long = False
    error: ServerError | None = None
    change: Dialect | None = None
    body: bytes = b""

    def seal(self, key: Key, header: str, before: str, deadline: float, late: type[Exception], dialect: Dialect) -> None:
        """Says what it signs with, and how it speaks.

        Args:
            key: The key.
            header: The header that carries it.
            before: What stands before the key in the header.
            deadline: When all tries together have to be over, on the monotonic clock [s].
            late: Raised when that is over; the SDK's own base error, since it tries again after any other.
            dialect: What the server takes.
        """
        self.key, self.header, self.before, self.late, self.dialect = key, header, before, late, dialect
        self.deadline = deadline

    def send(self, request: Any, **how: Any) -> Any:
        """Sends a signed request and reads the whole answer. Redirects are not followed: they would carry the key elsewhere.

        An error in the body of a success gets the status that it means, so that the SDK retries it or raises it like any other.
        """
        self.error, self.change, self.body = None, None, b""
        left = self.deadline - time.monotonic()
        if left <= 0.0:
            raise self.late("timed out")
        spoken = self.dialect.applied(json.loads(request.content))
        request = _with_body(request, spoken)
        request.headers[self.header] = self.key.signature(self.before)
        request.extensions = {**request.extensions, "timeout": dict.fromkeys(_PHASES, left)}
        response = super().send(request, **{**how, "stream": True, "follow_redirects": False})  # type: ignore[misc]
        try:
            self.body = self.key.hidden_in_bytes(self._read(response))
        finally:
            response.close()
        headers = [
            (name, self.key.hidden_in(value)) for name, value in response.headers.multi_items() if name.lower() not in _DROPPED
        ]
        status = response.status_code
        self.error = None if self.too_long else server_error(status, self.body)
        if self.error is not None:
            status = self.error.status
            self.change = self.dialect.adapted(self.error, spoken)
            headers += self._about_retrying(self.error, _seconds(response.headers.get("retry-after")))
        return type(response)(status, headers=headers, content=self.body, request=response.request)

    def _about_retrying(self, error: ServerError, wait: float | None) -> list[tuple[str, str]]:
        """Headers that tell the SDK whether, and when, to send the same again."""
        told = [("retry-after", f"{error.wait:g}")] if wait is None and error.wait is not None else []
        beyond = max(wait or 0.0, error.wait or 0.0) > self.deadline - time.monotonic()
        # The SDK would wait beyond the end; and the same request in the same dialect would be refused again.
        return [*told, ("x-should-retry", "false")] if beyond or self.change is not None else told

    def _read(self, response: Any) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MOST_BYTES:
                self.too_long = True
                break
            if time.monotonic() > self.deadline:
                raise self.late("timed out")
        return bytes(body[:MOST_BYTES])


def http_client(sdk_client: type, url: str) -> Any:
    """A sealed HTTP client for an address: the SDK's own; for a server on this machine one that reads no proxies.

    Args:
        sdk_client: The SDK's default client class.
        url: Where it will be used.
    """
    if not is_loopback(url):
        return type("SealedClient", (Sealed, sdk_client), {})()
    # The SDK's class makes the proxies of the environment before anyone can say that there are none; the one below it does not.
    plain = next(base for base in sdk_client.__mro__ if base.__name__ == "Client")
    return type("DirectClient", (Sealed, plain), {})(trust_env=False)


def _with_body(request: Any, body: dict[str, Any]) -> Any:
    """A request with another body."""
    headers = [(name, value) for name, value in request.headers.multi_items() if name.lower() not in _DROPPED]
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return type(request)(request.method, request.url, headers=headers, content=content, extensions=request.extensions)


def _seconds(told: str | None) -> float | None:
    """Time for which a server wants to be left alone [s]; None where it does not say so in seconds."""
    try:
        return None if told is None else float(told)
    except ValueError:
        return None
