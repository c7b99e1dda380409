"""`lmp doctor` against servers of its own on loopback: what it says, what it sends where, and that no key is ever shown."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmp.cli.main import call
from lmp.diagnosis import examination, keys, places, rendering, servers
from lmp.diagnosis.finding import Finding, all_that_is_needed_works
from lmp.diagnosis.http_answer import MOST_BYTES
from lmp.diagnosis.machine import machine_findings
from lmp.diagnosis.packages import extra_findings, package_findings, python_findings
from lmp.diagnosis.secrecy import SHORTEST_PART, WITHHELD, Secrets, safe_url

KEY = "sk-Zq81-xW0vT93kLmN57pQrS24"
OTHER = "ant-Yh62+jB8dF41cGaE09uIoP35"
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


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[dict[str, str]], Reply]], Server]]:
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


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No keys, no proxies, no servers but the test's own, and a folder of its own."""
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_BASE_URL", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    nobody = f"http://127.0.0.1:{free_port()}/v1"
    monkeypatch.setattr(servers, "OPENAI", nobody)
    monkeypatch.setattr(servers, "ANTHROPIC", nobody)
    monkeypatch.setattr(servers, "LOCAL", {})
    monkeypatch.chdir(tmp_path)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def asked_of(name: str, url: str | None = None, seconds: float = 20.0) -> Finding:
    """What is found of one of the servers."""
    there = keys.look_for_keys()
    found = servers.server_findings(servers.servers_to_ask(there, url), there, seconds)
    return next(finding for finding in found if finding.name == name)


def test_a_server_that_answers_is_listed_with_its_models(serve: Callable[..., Server]) -> None:
    server = serve(lambda _: listing("qwen3-vl", "tiny"))
    found = asked_of("--base-url", server.url + "/")
    assert (found.state, found.items) == ("ok", ("qwen3-vl", "tiny"))
    assert found.found == f"{server.url} answers; 2 models"
    ((path, headers),) = server.asked
    assert path == "/v1/models"
    assert "authorization" not in headers


def test_each_key_goes_to_its_own_server_and_never_to_a_guess(
    serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    openai, anthropic, named, guessed = (serve(lambda _: listing("m")) for _ in range(4))
    monkeypatch.setattr(servers, "OPENAI", openai.url)
    monkeypatch.setattr(servers, "ANTHROPIC", anthropic.url)
    monkeypatch.setattr(servers, "LOCAL", {"vLLM": guessed.url})
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    Path(".env").write_text(f"ANTHROPIC_API_KEY={OTHER}\n")
    there = keys.look_for_keys()
    assert [finding.found for finding in there.findings] == ["set, in the environment", "set, in .env in the working directory"]
    found = list(servers.server_findings(servers.servers_to_ask(there, named.url), there, 20.0))
    assert [finding.state for finding in found] == ["ok"] * 4
    assert openai.asked[0][1]["authorization"] == named.asked[0][1]["authorization"] == f"Bearer {KEY}"
    assert anthropic.asked[0][1]["x-api-key"] == OTHER
    assert OTHER not in str(openai.asked + named.asked + guessed.asked)
    assert KEY not in str(anthropic.asked + guessed.asked)
    assert "takes the key" in found[0].found


@pytest.mark.parametrize(
    ("key", "status", "state", "words"),
    [
        (KEY, 401, "problem", "refuses the key (status 401)"),
        (None, 401, "ok", "answers; it wants a key"),
        (None, 404, "problem", "status 404, without a list of models"),
        (None, 500, "problem", "status 500"),
        (None, 302, "problem", "status 302"),
    ],
)
def test_what_an_answer_means(
    serve: Callable[..., Server],
    monkeypatch: pytest.MonkeyPatch,
    key: str | None,
    status: int,
    state: str,
    words: str,
) -> None:
    elsewhere = serve(lambda _: listing("m"))
    server = serve(lambda _: (status, {"Location": elsewhere.url}, b"{}"))
    if key is not None:
        monkeypatch.setenv("OPENAI_API_KEY", key)
    found = asked_of("--base-url", server.url)
    assert (found.state, words in found.found) == (state, True), found.found
    assert elsewhere.asked == []


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>", b"[" * 100_000, b'{"data": 7}', b'{"data": [7, null, {"id": 3}, {"name": "x"}]}',
        b'{"data": [{"id": "\\ud800"}]}', b"\xff\xfe", b'{"data": [' + b'{"id": "m"},' * 9000 + b'{"id": "m"}]}',
        json.dumps({"data": [{"id": "x" * 10_000}]}).encode(), b" " * (MOST_BYTES + 100_000),
    ],
    ids=["empty", "html", "deep", "number", "odd", "half", "bytes", "many", "long", "endless"],
)  # fmt: skip
def test_whatever_a_server_sends_is_bounded_text(serve: Callable[..., Server], body: bytes) -> None:
    server = serve(lambda _: (200, {"Content-Type": "application/json"}, body))
    found = asked_of("--base-url", server.url)
    assert found.state in ("ok", "problem")
    assert len(found.model_dump_json()) < 20_000
    json.loads(found.model_dump_json())


def test_a_variable_that_runs_do_not_read_gets_no_key_and_is_said(
    serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(lambda _: listing("m"))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    found = asked_of("OPENAI_BASE_URL")
    assert (found.state, found.items) == ("ok", ("m",))
    assert found.todo == f"To ask its models: --base-url {server.url}"
    assert KEY not in str(server.asked)


def test_a_server_that_is_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = asked_of("--base-url", f"http://127.0.0.1:{silent.getsockname()[1]}/v1", seconds=0.2)
    assert (found.state, found.found.endswith("no answer in time")) == ("problem", True)


def test_no_server_is_asked_through_what_is_no_address() -> None:
    for url in ("http://[", "http://\x00", "http://127.0.0.1:99999/v1", "http://user:secret-word@"):
        found = asked_of("--base-url", url)
        assert found.state == "problem"
        assert "secret-word" not in found.model_dump_json()


def _echo(headers: dict[str, str]) -> Reply:
    said = headers.get("authorization", "") + headers.get("x-api-key", "")
    names = (said, said[7:20], f"model {said[-9:]}", said[::-1], "fine")
    return listing(*names, **{"X-Echo": said})


def test_no_part_of_a_key_is_shown_whatever_a_server_sends_back(
    serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    server = serve(_echo)
    for name in ("OPENAI", "ANTHROPIC"):
        monkeypatch.setattr(servers, name, server.url)
    monkeypatch.setattr(examination, "picture_findings", lambda: iter(()))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_API_KEY", OTHER)
    monkeypatch.setenv("OPENAI_BASE_URL", server.url.replace("http://", "http://me:pa55-word-hidden@") + f"?k={KEY}")
    for arguments in ([], ["--json"]):
        assert call(["doctor", "--base-url", f"{server.url}/{KEY}", *arguments]) == 0
        out, err = capfdbinary.readouterr()
        for secret in (KEY, OTHER, "pa55-word-hidden"):
            for start in range(len(secret) - SHORTEST_PART + 1):
                assert secret[start : start + SHORTEST_PART].encode() not in out + err
        assert b"fine" in out
        assert server.url.encode() in out


@given(st.text(min_size=8, max_size=40), st.text(max_size=40), st.integers(0, 34), st.text(max_size=10))
def test_a_text_with_a_piece_of_a_key_is_withheld(key: str, before: str, start: int, after: str) -> None:
    piece = key[min(start, len(key) - SHORTEST_PART) :][:SHORTEST_PART]
    assert Secrets([key]).safe(before + piece + after) == WITHHELD
    assert key not in repr(Secrets([key]))


def test_addresses_are_shown_without_what_signs_them() -> None:
    assert safe_url("https://me:word@host:8000/v1?key=word#word") == "https://host:8000/v1"
    assert safe_url("http://[::1]:11434/v1") == "http://[::1]:11434/v1"
    assert safe_url("http://[") == "(a URL that cannot be read)"


def test_what_is_no_key_is_said_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "two words")
    first, second = keys.look_for_keys().findings
    assert (first.state, second.state) == ("problem", "missing")
    assert "two words" not in first.model_dump_json()


def test_offline_asks_nobody(serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(lambda _: listing("m"))
    monkeypatch.setattr(examination, "picture_findings", lambda: iter(()))
    found = list(examination.examine(base_url=server.url, offline=True))
    assert server.asked == []
    assert {finding.topic for finding in found} >= {"python", "packages", "keys", "places", "machine"}
    assert "servers" not in {finding.topic for finding in found}


def test_the_whole_of_it_here(capsys: pytest.CaptureFixture[str]) -> None:
    """With the real simulator, in a process of its own."""
    assert call(["doctor", "--offline", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    found = {finding["name"]: finding for finding in said["findings"]}
    assert said["ok"] is True
    assert "front 640x480" in found["simulator and cameras"]["found"]
    assert found["window (--gui)"]["state"] == "missing"
    assert found["numpy"]["state"] == "ok"
    assert list(Path().iterdir()) == []


def test_words_name_what_a_run_needs_and_does_not_have(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rendering, "LOOK", "import os; os.kill(os.getpid(), 11)")
    assert call(["doctor", "--offline"]) == 1
    out = capsys.readouterr().out
    assert "it was ended by signal 11" in out
    assert "A run without a key does not work here: simulator and cameras." in out
    assert "No server was asked" in out


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise RuntimeError('no such thing')", "RuntimeError: no such thing"),
        ("print('{}[')", "it ended with status 0"),
        ("""print('{"pictures": [["front", 4, 3, 0.0]], "seconds": 0, "things": 1}')""", "nothing is to be seen in: front"),
        ("""print('{"pictures": [], "seconds": 0, "things": 1}')""", "nothing is to be seen in: no camera"),
    ],
)
def test_a_simulator_that_does_not_draw_is_a_problem(monkeypatch: pytest.MonkeyPatch, code: str, words: str) -> None:
    monkeypatch.setattr(rendering, "LOOK", code)
    found = next(rendering.picture_findings())
    assert (found.state, found.needed, words in found.found) == ("problem", True, True), found.found


def test_a_display_that_nobody_serves_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "LOOK", "raise SystemExit")
    monkeypatch.setenv("DISPLAY", ":98765")
    _, window = rendering.picture_findings()
    assert (window.state, window.found) == ("problem", "the display does not answer")


def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    record, room = places.place_findings(tmp_path / "new" / "runs")
    assert (record.state, room.state) == ("ok", "ok")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]
    if Path("/proc/self/fd").is_dir():
        record, _ = places.place_findings(Path("/proc/self/runs"))
        assert (record.state, record.needed) == ("problem", True)


def test_packages_that_are_not_there_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import metadata

    lines = ["numpy>=2", "not-there>=1", "openai", "old; python_version < '3.0'", "never-heard-of; extra == 'local'"]
    monkeypatch.setattr(metadata, "requires", lambda _: lines)
    found = {finding.name: finding for finding in package_findings()}
    assert (found["not-there"].state, found["not-there"].needed) == ("missing", True)
    assert (found["numpy"].state, found["openai"].needed, "old" in found) == ("ok", False, False)
    assert not all_that_is_needed_works(tuple(found.values()))
    (local, *_) = extra_findings()
    assert (local.name, local.state) == ("local", "missing")
    assert local.todo.endswith("pip install 'lmp-robotics[local]'")


def test_python_and_the_machine_are_told() -> None:
    assert [finding.state for finding in python_findings()] == ["ok", "ok"]
    cores = next(machine_findings())
    assert cores.found.split()[0].isdigit()


def test_an_address_without_a_scheme_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["doctor", "--base-url", "127.0.0.1:8000"]) == 2
    assert "begins with http:// or https://" in capsys.readouterr().err
