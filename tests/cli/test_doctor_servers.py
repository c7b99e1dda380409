"""What `lmp doctor` says of servers, what it sends where, and that no key is ever shown."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from doctored_place import Reply, Server, alone, listing, serving  # noqa: F401  Fixtures.
from hypothesis import given
from hypothesis import strategies as st

from lmp.cli.main import call
from lmp.diagnosis import examination, keys, servers
from lmp.diagnosis.finding import Finding
from lmp.diagnosis.http_answer import MOST_BYTES
from lmp.diagnosis.secrecy import SHORTEST_PART, WITHHELD, Secrets, safe_url

KEY = "sk-Zq81-xW0vT93kLmN57pQrS24"
OTHER = "ant-Yh62+jB8dF41cGaE09uIoP35"
pytestmark = pytest.mark.usefixtures("alone")


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
    monkeypatch.setattr(servers, "OPENAI", replace(servers.OPENAI, url=openai.url))
    monkeypatch.setattr(servers, "ANTHROPIC", replace(servers.ANTHROPIC, url=anthropic.url))
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


@pytest.mark.parametrize(
    ("variable", "key", "header"),
    [
        ("OPENAI_BASE_URL", "OPENAI_API_KEY", "authorization"),
        ("ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY", "x-api-key"),
        ("ANTHROPIC_BASE_URL", "ANTHROPIC_AUTH_TOKEN", "authorization"),
    ],
)
def test_the_address_of_a_variable_holds_and_is_said(
    serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch, variable: str, key: str, header: str
) -> None:
    server = serve(lambda _: listing("m"))
    monkeypatch.setenv(key, KEY)
    monkeypatch.setenv(variable, server.url + "/")
    found = asked_of({"OPENAI_BASE_URL": "OpenAI", "ANTHROPIC_BASE_URL": "Anthropic"}[variable])
    assert (found.state, found.items) == ("ok", ("m",))
    assert found.found == f"{server.url} answers and takes the key; 1 model (the address is that of {variable})"
    [(path, headers)] = server.asked
    assert (path, headers[header].removeprefix("Bearer ")) == ("/v1/models", KEY)


def test_a_named_address_counts_more_than_a_variable(serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> None:
    named, other = serve(lambda _: listing("m")), serve(lambda _: listing("m"))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", other.url)
    found = asked_of("OPENAI_BASE_URL", named.url)
    assert found.means == "No run asks it: --base-url counts more."
    assert KEY not in str(other.asked)


def test_a_variable_without_an_address_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", KEY)
    found = asked_of("OPENAI_BASE_URL")
    assert (found.state, "OPENAI_BASE_URL does not hold an address" in found.means) == ("problem", True)
    assert KEY not in found.model_dump_json()


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
        provider = {"OPENAI": servers.OPENAI, "ANTHROPIC": servers.ANTHROPIC}[name]
        monkeypatch.setattr(servers, name, replace(provider, url=server.url))
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
