"""A server on loopback: OpenAI's chat completions and responses, Anthropic's messages."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from loopback.faults import KINDS, Fault
from loopback.wire import Said, body

Answer = dict[str, Any] | list[Any] | str | Said | Fault
"""A table or list is sent as JSON text, a text as it is."""
CHUNK = b" " * 65536


@dataclass(frozen=True)
class Asked:
    """A request that came.

    Attributes:
        path: Of the URL.
        headers: With names in lower case.
        body: The JSON.
    """

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        """The whole request as JSON text."""
        return json.dumps(self.body)


class Loopback:
    """Answers from a queue, then from `always`; keeps the requests that it got.

    Attributes:
        requests: What was asked, in order.
        models: Names that the list of models tells.
    """

    def __init__(self) -> None:
        self.requests: list[Asked] = []
        self.models = ["tiny"]
        self._queue: deque[Answer | Callable[[Asked], Answer]] = deque()
        self._always: Callable[[Asked], Answer] | None = None
        self._released, self._lock = threading.Event(), threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.loopback = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        """Base URL for every client."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def answer(self, answer: Answer | Callable[[Asked], Answer], **how: Any) -> Self:
        """Queues an answer, or a function of the request that gives one; `how` as in `Said`."""
        if how and not callable(answer):
            text = answer if isinstance(answer, str) else json.dumps(answer)
            answer = Said(text, **how)
        self._queue.append(answer)
        return self

    def raw(self, told: dict[str, Any]) -> Self:
        """Queues a whole body of the protocol, as it is."""
        self._queue.append(Fault("raw", 200, body=json.dumps(told).encode()))
        return self

    def fault(self, kind: str, times: int = 1, **how: Any) -> Self:
        """Queues a fault of a kind of `loopback.faults.KINDS`; `how` as in `Fault`."""
        self._queue.extend([Fault(kind, **{**KINDS[kind], **how})] * times)
        return self

    def always(self, answer: Callable[[Asked], Answer]) -> Self:
        """Answers so whenever the queue is empty."""
        self._always = answer
        return self

    def next(self, asked: Asked) -> Answer:
        """What this request gets."""
        with self._lock:
            self.requests.append(asked)
            answer: Any = self._queue.popleft() if self._queue else self._always
        if answer is None:
            return Fault("no more", 400, body=b'{"error": {"message": "The loopback server has no more answers."}}')
        return answer(asked) if callable(answer) else answer

    def wait(self) -> None:
        """Waits until the server is released."""
        self._released.wait(60.0)

    def release(self) -> None:
        """Lets slow answers go."""
        self._released.set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error here; anything else is told as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def loopback(self) -> Loopback:
        found: Loopback = self.server.loopback  # type: ignore[attr-defined]
        return found

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        listed = [{"id": name, "object": "model", "created": 1, "owned_by": "loopback"} for name in self.loopback.models]
        self._send(200, json.dumps({"object": "list", "data": listed}).encode(), {})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, json.loads(raw))
        answer = self.loopback.next(asked)
        try:
            if isinstance(answer, Fault):
                self._fail(answer, asked)
                return
            if not isinstance(answer, Said):
                answer = Said(answer if isinstance(answer, str) else json.dumps(answer))
            self._send(200, json.dumps(body(self.path, asked.body, answer)).encode(), {})
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _fail(self, fault: Fault, asked: Asked) -> None:
        if fault.kind == "slow":
            self.loopback.wait()
        if fault.kind in ("slow", "cut"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if fault.filler:
            self._fill(fault.filler)
            return
        told = fault.body.replace(b'."', b". " + _echoed(asked).encode() + b'"') if fault.echo else fault.body
        headers = {**fault.headers, "X-Echo": _echoed(asked)} if fault.echo else fault.headers
        self._send(fault.status, told, headers, length=len(told) + (100 if fault.kind == "cut_body" else 0))

    def _fill(self, length: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length + 2))
        self.end_headers()
        self.close_connection = True
        self.wfile.write(b'"')
        for _ in range(length // len(CHUNK)):
            self.wfile.write(CHUNK)
        self.wfile.write(b'"')

    def _send(self, status: int, told: bytes, headers: dict[str, str], length: int | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(told) if length is None else length))
        self.end_headers()
        self.wfile.write(told)
        if length not in (None, len(told)):
            self.close_connection = True


def _echoed(asked: Asked) -> str:
    """The headers that may carry a key."""
    return " ".join(asked.headers.get(name, "") for name in ("authorization", "x-api-key")).strip()
