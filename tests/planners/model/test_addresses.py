"""Addresses that questions go to: one that was said, the variables that the SDKs read; here, past proxies."""

from __future__ import annotations

import json

import pytest
from asked_for import CUP, request
from hypothesis import given
from hypothesis import strategies as st
from loopback.server import Loopback

from lmp.errors import SetupFault
from lmp.model_settings import ModelSettings
from lmp.planners.model.addresses import ANTHROPIC, OPENAI, PROVIDER, SETTINGS, address_of, is_loopback
from lmp.planners.model.anthropic_client import AnthropicClient
from lmp.planners.model.openai_client import OpenAIClient

CLIENTS = {"OPENAI_BASE_URL": OpenAIClient, "ANTHROPIC_BASE_URL": AnthropicClient}
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, "NO_PROXY", "no_proxy", *CLIENTS, "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("proxy", ["HTTP_PROXY", "ALL_PROXY", "http_proxy", "socks"])
@pytest.mark.parametrize("variable", CLIENTS)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_server_on_this_machine_is_asked_past_proxies(
    monkeypatch: pytest.MonkeyPatch, proxy: str, variable: str, host: str
) -> None:
    with Loopback() as server, Loopback() as between:
        url = between.url.removesuffix("/v1")
        monkeypatch.setenv(*(("ALL_PROXY", url.replace("http", "socks5")) if proxy == "socks" else (proxy, url)))
        server.answer(CUP)
        url = server.url.replace("127.0.0.1", host)
        reply = CLIENTS[variable]("tiny", ModelSettings(base_url=url, retries=0)).reply(request())
        assert json.loads(reply.text) == CUP
        assert between.requests == []


def test_a_server_elsewhere_is_asked_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback() as between:
        monkeypatch.setenv("HTTP_PROXY", between.url.removesuffix("/v1"))
        between.answer(CUP)
        OpenAIClient("tiny", ModelSettings(base_url="http://models.test/v1", retries=0)).reply(request())
        assert between.requests[0].path == "http://models.test/v1/chat/completions"


@pytest.mark.parametrize("variable", CLIENTS)
def test_the_variable_of_the_sdk_counts_and_an_explicit_address_counts_more(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with Loopback() as said, Loopback() as explicit:
        monkeypatch.setenv(variable, said.url)
        said.answer(CUP)
        client = CLIENTS[variable]("tiny", ModelSettings(retries=0))
        client.reply(request())
        assert (client.parameters["server_from"], len(said.requests)) == (variable, 1)
        explicit.answer(CUP)
        client = CLIENTS[variable]("tiny", ModelSettings(base_url=explicit.url, retries=0))
        client.reply(request())
        assert (client.parameters["server_from"], len(explicit.requests), len(said.requests)) == (SETTINGS, 1, 1)


def test_a_token_of_anthropics_sdk_is_sent_as_a_bearer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "token-0123456789")
    with Loopback() as server:
        server.answer(CUP).answer(CUP)
        AnthropicClient("tiny", ModelSettings(base_url=server.url)).reply(request())
        assert server.requests[0].headers["authorization"] == "Bearer token-0123456789"
        monkeypatch.setenv("ANTHROPIC_API_KEY", "key-0123456789")
        AnthropicClient("tiny", ModelSettings(base_url=server.url)).reply(request())
        assert server.requests[1].headers["x-api-key"] == "key-0123456789"
        assert "token" not in str(server.requests[1].headers)


def test_the_providers_own_address_is_known_whoever_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert address_of(OPENAI, None).source == PROVIDER
    monkeypatch.setenv("OPENAI_BASE_URL", " https://api.openai.com/v1/ ")
    address = address_of(OPENAI, None)
    assert (address.url, address.source, address.official) == ("https://api.openai.com/v1", "OPENAI_BASE_URL", True)
    assert OpenAIClient("m", ModelSettings()).form == "tool"
    monkeypatch.setenv("OPENAI_BASE_URL", "http://gateway:1/v1")
    assert OpenAIClient("m", ModelSettings()).form == "json_schema"
    monkeypatch.setenv("OPENAI_BASE_URL", "")
    assert address_of(OPENAI, None).source == PROVIDER
    assert address_of(ANTHROPIC, "http://me:secret@box:1/v1").host == "box:1"


def test_a_variable_that_holds_no_address_is_said_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "localhost:8000")
    with pytest.raises(SetupFault, match=r"OPENAI_BASE_URL does not hold an address.*http://.*--base-url, which counts more"):
        OpenAIClient("m", ModelSettings())
    assert OpenAIClient("m", ModelSettings(base_url="http://127.0.0.1:1/v1")).server.host == "127.0.0.1:1"


@given(last=st.integers(0, 255), port=st.integers(1, 65535))
def test_every_address_of_this_machine_is_loopback(last: int, port: int) -> None:
    for host in (f"127.0.0.{last}", "[::1]", "localhost", "LOCALHOST.", "vllm.localhost", "0.0.0.0", "[::ffff:127.0.0.1]"):
        assert is_loopback(f"http://{host}:{port}/v1"), host
    for host in (f"10.0.0.{last}", f"128.0.0.{last}", "localhost.example", "127.0.0.1.example", "[2001:db8::1]", "[bad"):
        assert not is_loopback(f"http://{host}:{port}/v1"), host
