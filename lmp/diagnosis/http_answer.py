"""One GET, bounded in time and length; client, proxies and certificates are those of the SDKs, and of runs."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lmp.planners.model.addresses import is_loopback

MOST_BYTES = 1_000_000
"""Longest body that is read [bytes]."""
LATE = 2.0
"""How much longer than allowed an answer is waited for, since making a client takes a while, too [s]."""


@dataclass
class HttpAnswer:
    """The answer that came.

    Attributes:
        status: Of the answer; 0 if there was none.
        body: What its JSON holds; None if it holds none.
        failure: Why there was no answer, in a word; what a server said is never in it.
    """

    status: int = 0
    body: Any = field(default=None, repr=False)
    failure: str = ""


def get(url: str, headers: Mapping[str, str], seconds: float) -> HttpAnswer:
    """Asks a server; redirects are not followed, since they would carry a key elsewhere.

    Args:
        url: What is asked for.
        headers: What goes along.
        seconds: When it is given up [s].
    """
    from openai import DefaultHttpxClient

    answer = HttpAnswer()
    # A server that sends its headers byte by byte is never late for the client's own limits: the thread is left behind.
    thread = threading.Thread(target=_get, args=(answer, DefaultHttpxClient, url, dict(headers), seconds), daemon=True)
    thread.start()
    thread.join(seconds + LATE)
    return answer if not thread.is_alive() else HttpAnswer(failure="no answer in time")


def _get(answer: HttpAnswer, new_client: Callable[..., Any], url: str, headers: dict[str, str], seconds: float) -> None:
    begin = time.monotonic()
    try:
        with (
            new_client(timeout=seconds, follow_redirects=False, trust_env=not is_loopback(url)) as client,
            client.stream("GET", url, headers={"Accept-Encoding": "identity", **headers}) as response,
        ):
            body = bytearray()
            # As it comes: nothing is unpacked, so nothing grows.
            for chunk in response.iter_raw():
                body += chunk
                if len(body) > MOST_BYTES or time.monotonic() - begin > seconds:
                    break
            answer.status, answer.body, answer.failure = response.status_code, _json(bytes(body[:MOST_BYTES])), ""
    except Exception as error:
        # Whatever a client, a proxy or a URL can do: only the kind of the failure is told, since its words may hold anything.
        answer.failure = _kind(error)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _kind(error: Exception) -> str:
    name = type(error).__name__
    if "Timeout" in name:
        return "no answer in time"
    return {"ConnectError": "no connection", "ProxyError": "the proxy refused", "InvalidURL": "no such URL"}.get(name, name)
