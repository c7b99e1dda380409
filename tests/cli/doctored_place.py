"""A server, and a place without keys, proxies and other servers, for the tests of `lmp doctor`."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lmp.diagnosis import servers

Reply = tuple[int, dict[str, str], bytes]


class Server:
    """Answers every GET with what a function makes of the request's headers; keeps what it was asked."""

    def __init__(self, reply: Callable[[dict[str, str]], Reply]):
        asked: list[tuple[str, dict[str, str]]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked.append((self.path, headers))
                status, told, body = reply(headers)
                self.send_response(status)
                for name, value in told.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self.asked = asked
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture(name="serve")
def serving() -> Iterator[Callable[[Callable[[dict[str, str]], Reply]], Server]]:
    """Starts servers, and stops them."""
    opened: list[Server] = []

    def start(reply: Callable[[dict[str, str]], Reply]) -> Server:
        opened.append(Server(reply))
        return opened[-1]

    yield start
    for server in opened:
        server.close()


def listing(*names: object, status: int = 200, **headers: str) -> Reply:
    return status, headers, json.dumps({"data": [{"id": name} for name in names]}).encode()


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No keys, no proxies, no servers but the test's own, and a folder of its own."""
    for name in (
        "OPENAI_API_KEY",
        "ANTHROPIC_API_KEY",
        "OPENAI_BASE_URL",
        "ANTHROPIC_AUTH_TOKEN",
        "ANTHROPIC_BASE_URL",
        "DISPLAY",
        "WAYLAND_DISPLAY",
    ):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    nobody = f"http://127.0.0.1:{free_port()}/v1"
    monkeypatch.setattr(servers, "OPENAI", replace(servers.OPENAI, url=nobody))
    monkeypatch.setattr(servers, "ANTHROPIC", replace(servers.ANTHROPIC, url=nobody))
    monkeypatch.setattr(servers, "LOCAL", {})
    monkeypatch.chdir(tmp_path)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
