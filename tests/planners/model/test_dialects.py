"""Servers that take a protocol in part: asked in what they take, once they have said what they refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asked_for import CUP, PROMPT, SYSTEM, USER, Kept, Pick, request
from hypothesis import given
from hypothesis import strategies as st
from loopback.gateways import gateway, has, has_role, has_within, openai_words, pydantic_words, refusing
from loopback.server import Loopback

from lmp.model_settings import ModelSettings
from lmp.planners.model.anthropic_client import AnthropicClient
from lmp.planners.model.asking import Asker
from lmp.planners.model.dialect import MOST_CHANGES, Dialect
from lmp.planners.model.faults import ServerFault
from lmp.planners.model.openai_client import OpenAIClient
from lmp.planners.model.server_error import ServerError

AZURE = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "OPENAI_BASE_URL", "ANTHROPIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def client(loopback: Loopback, **settings: Any) -> OpenAIClient:
    return OpenAIClient("tiny", ModelSettings(**{"base_url": loopback.url, "retries": 0, **settings}))


GATEWAYS: dict[str, tuple[tuple[Any, ...], dict[str, Any], Any]] = {
    "newer limit": ((400, openai_words(AZURE, "max_tokens", "unsupported_parameter"), has("max_tokens")), {}, 8192),
    "newer limit, in words": ((400, openai_words(AZURE), has("max_tokens")), {}, 8192),
    "limit unknown to pydantic": ((422, pydantic_words("max_tokens"), has("max_tokens")), {}, 8192),
    "limit unknown, text": ((400, {"error": "unknown field: max_tokens"}, has("max_tokens")), {}, 8192),
    "other limit required": (
        (400, {"message": "max_completion_tokens: field required"}, lambda body: "max_completion_tokens" not in body),
        {},
        8192,
    ),
    "limit too large": (
        (
            400,
            openai_words("max_tokens is too large: 8192. This model supports at most 4096 completion tokens.", "max_tokens"),
            has("max_tokens", 8192),
        ),
        {},
        4096,
    ),
    "limit out of range": (
        (400, openai_words("Invalid max_tokens value, the valid range of max_tokens is [1, 2000]"), has("max_tokens", 8192)),
        {},
        2000,
    ),
    "window too small": (
        (
            400,
            openai_words(
                "This model's maximum context length is 8192 tokens. However, you requested 9001 tokens (809 in the messages, "
                "8192 in the completion). Please reduce the length of the messages or completion.",
                "messages",
                "context_length_exceeded",
            ),
            has("max_tokens", 8192),
        ),
        {},
        8192 - 809,
    ),
    "temperature fixed": (
        (
            400,
            openai_words(
                "Unsupported value: 'temperature' does not support 0.5 with this model. Only the default (1) is supported.",
                "temperature",
                "unsupported_value",
            ),
            has("temperature"),
        ),
        {"temperature": 0.5},
        8192,
    ),
    "temperature must be 1": (
        (400, {"error": {"message": "invalid temperature: only 1 is allowed for this model"}}, has("temperature")),
        {"temperature": 0.5},
        8192,
    ),
    "seed unknown": ((400, openai_words("Unrecognized request argument supplied: seed"), has("seed")), {"seed": 7}, 8192),
    "seed unknown to pydantic in a text": (
        (400, {"object": "error", "message": "[{'type': 'extra_forbidden', 'loc': ('body', 'seed')}]"}, has("seed")),
        {"seed": 7},
        8192,
    ),
    "seed unknown to protobuf": (
        (
            400,
            [{"error": {"code": 400, "message": 'Unknown name "seed": Cannot find field.', "status": "INVALID"}}],
            has("seed"),
        ),
        {"seed": 7},
        8192,
    ),
    "top_p of the settings": (
        (400, openai_words("`top_p` and `temperature` cannot both be specified"), has("top_p")),
        {"extra_body": {"top_p": 0.9}},
        8192,
    ),
    "parallel calls of the settings": (
        (400, openai_words("property 'parallel_tool_calls' is unsupported"), has("parallel_tool_calls")),
        {"extra_body": {"parallel_tool_calls": False}, "form": "tool"},
        8192,
    ),
    "tool choice by name": (
        (
            400,
            {"error": "Invalid tool_choice type: 'object'. Supported string values: none, auto, required"},
            lambda body: isinstance(body.get("tool_choice"), dict),
        ),
        {"form": "tool"},
        8192,
    ),
    "no response format": (
        (
            400,
            openai_words("Invalid parameter: 'response_format' of type 'json_schema' is not supported."),
            has("response_format"),
        ),
        {},
        8192,
    ),
    "no tools": ((400, {"error": "registry/tiny does not support tools"}, has("tools")), {"form": "tool"}, 8192),
    "no endpoint with tools": (
        (404, {"error": {"message": "No endpoints found that support tool use.", "code": 404}}, has("tools")),
        {"form": "tool"},
        8192,
    ),
    "no system role": (
        (
            400,
            openai_words(
                "Unsupported value: 'messages[0].role' does not support 'system' with this model.", "messages[0].role"
            ),
            has_role("system"),
        ),
        {},
        8192,
    ),
    "template without a system role": (
        (500, {"error": {"message": "System role not supported"}}, has_role("system")),
        {},
        8192,
    ),
    "template with two roles": (
        (400, {"error": {"message": "Only user and assistant roles are supported!"}}, has_role("system")),
        {},
        8192,
    ),
    "behind a gateway": (
        (
            400,
            {
                "error": {
                    "message": "Provider returned error",
                    "code": 400,
                    "metadata": {"raw": json.dumps(openai_words(AZURE))},
                }
            },
            has("max_tokens"),
        ),
        {},
        8192,
    ),
    "in a success": ((200, openai_words(AZURE, "max_tokens", "unsupported_parameter"), has("max_tokens")), {}, 8192),
    "grammar, llama.cpp": (
        (500, {"error": {"code": 500, "message": "failed to parse grammar", "type": "server_error"}}, has("response_format")),
        {},
        8192,
    ),
    "grammar of a tool, too": (
        (400, {"error": {"message": "JSON schema conversion failed: unsupported pattern"}}, has("tools")),
        {"form": "tool"},
        8192,
    ),
    "grammar, vLLM": (
        (
            400,
            {"object": "error", "message": "The request contains features not supported by xgrammar.", "code": 400},
            has("response_format"),
        ),
        {},
        8192,
    ),
    "guided decoding": (
        (
            500,
            {"detail": "Failed to initialize guided decoding backend: Grammar error: too many states"},
            has("response_format"),
        ),
        {},
        8192,
    ),
    "grammar, Ollama": ((500, {"error": "failed to create grammar from schema"}, has("response_format")), {}, 8192),
    "invalid schema": (
        (
            400,
            openai_words("Invalid schema for response_format 'Pick': 'prefixItems' is not permitted."),
            has("response_format"),
        ),
        {},
        8192,
    ),
}


@pytest.mark.parametrize("name", GATEWAYS)
def test_a_server_is_asked_in_what_it_takes(loopback: Loopback, name: str) -> None:
    """It refuses once, for each thing; what was learned holds for the next question and is in the record."""
    refusal, settings, limit = GATEWAYS[name]
    loopback.always(gateway(CUP, refusing(*refusal)))
    one, kept = client(loopback, **{"retries": 2, **settings}), Kept()
    asker = Asker(one, one.settings, kept.backing)
    for _ in range(2):
        assert asker.ask(question="ground", prompt=PROMPT, answer=Pick).name == "cup"
    refused, taken, again = (asked.body for asked in loopback.requests)
    assert refused != taken == again, "one refusal, which nobody retried as it was, and none for the second question"
    assert next(taken[name] for name in ("max_tokens", "max_completion_tokens") if name in taken) == limit
    said = json.dumps(taken)
    assert all(json.dumps(words)[1:-1] in said for words in (SYSTEM, USER)), "nothing that is said is lost"
    assert json.dumps("how high to lift [m]")[1:-1] in json.dumps(taken).replace('\\"', '"'), (
        "the schema goes along in any form"
    )
    [learned] = kept.exchanges[0].parameters["adapted"]  # type: ignore[misc]
    assert f"HTTP {refusal[0]}" in str(learned)
    assert kept.exchanges[1].parameters["adapted"] == [learned]
    assert [len(exchange.turns) for exchange in kept.exchanges] == [1, 1]


@pytest.mark.parametrize("form", ["tool", "json_schema"])
def test_a_field_deep_in_the_request(loopback: Loopback, form: str) -> None:
    place = {"tool": ("tools", 0, "strict"), "json_schema": ("text", "format", "strict")}[form]
    loopback.always(gateway(CUP, refusing(422, pydantic_words(*place), has_within("strict"))))
    assert json.loads(client(loopback, api="responses", form=form).reply(request()).text) == CUP
    first, second = (asked.body for asked in loopback.requests)
    kept = "tools" if form == "tool" else "text"
    assert json.loads(json.dumps(first[kept]).replace(', "strict": false', "")) == second[kept], "only that is left out"


def test_a_server_that_refuses_much(loopback: Loopback) -> None:
    """A limit under another name and with another value, no temperature, no seed, no system role, no schema of any kind."""
    loopback.always(
        gateway(
            CUP,
            refusing(400, openai_words(AZURE, "max_tokens"), has("max_tokens")),
            refusing(400, openai_words("max_completion_tokens: 8192 > 4096"), has("max_completion_tokens", 8192)),
            refusing(422, pydantic_words("temperature"), has("temperature")),
            refusing(400, {"error": "seed is not supported"}, has("seed")),
            refusing(400, {"error": "the role 'system' is not supported"}, has_role("system")),
            refusing(400, {"error": "this server knows no response_format"}, has("response_format")),
            refusing(400, {"error": "tools are not supported"}, has("tools")),
        )
    )
    reply = client(loopback, temperature=0.1, seed=3).reply(request())
    assert json.loads(reply.text) == CUP
    last = loopback.requests[-1].body
    assert last.keys() == {"model", "messages", "max_completion_tokens"}
    assert last["max_completion_tokens"] == 4096
    assert [message["role"] for message in last["messages"]] == ["user"]
    assert len(loopback.requests) == 8


@pytest.mark.parametrize("name", ["temperature", "max_tokens"])
def test_a_server_that_refuses_what_is_not_sent_any_more_is_not_asked_forever(loopback: Loopback, name: str) -> None:
    refused = openai_words(f"Unsupported parameter: '{name}'.", name)
    loopback.always(gateway(CUP, refusing(400, refused, lambda _: True)))
    with pytest.raises(ServerFault, match=rf"does not take the request .HTTP 400: Unsupported parameter: '{name}'"):
        client(loopback, temperature=0.5).reply(request())
    assert len(loopback.requests) <= 4


@given(words=st.lists(st.sampled_from(["max_tokens", "seed", "tools", "grammar", "system role", "strict", "4096", "schema"])))
def test_changes_are_bounded_whatever_a_server_says(words: list[str]) -> None:
    """Every change makes the next request another one, so no words can go round in circles."""
    dialect, body = Dialect("json_schema"), {"model": "m", "max_tokens": 8192, "seed": 1, "strict": True, "messages": []}
    error = ServerError(400, 400, "", f"not supported: {' '.join(words)}")
    for _ in range(MOST_CHANGES + 1):
        after = dialect.adapted(error, dialect.applied(body))
        if after is None:
            return
        assert (after.applied(body), after.form) != (dialect.applied(body), dialect.form)
        dialect = after
    raise AssertionError("it does not end")


@pytest.mark.parametrize(
    ("message", "setting"),
    [
        ("the temperature of this endpoint is set by its owner", "`temperature`"),
        ("image_url is only supported by certain models", '`pictures`: "none"'),
        ("nothing here knows the seed", "`seed`"),
        ("bad request", "`leave_out`, or set with `extra_body`"),
    ],
)
def test_where_the_words_name_nothing_that_is_sent_the_hint_names_a_setting(
    loopback: Loopback, message: str, setting: str
) -> None:
    loopback.always(gateway(CUP, refusing(400, {"error": {"message": message}}, lambda _: True)))
    with pytest.raises(ServerFault) as caught:
        client(loopback).reply(request())
    assert setting in str(caught.value)
    assert len(loopback.requests) == 1


def test_the_settings_leave_fields_out_and_add_others(loopback: Loopback) -> None:
    loopback.answer(CUP)
    client(loopback, leave_out=("max_tokens",), extra_body={"max_completion_tokens": 100, "top_k": 1}).reply(request())
    body = loopback.requests[0].body
    assert ("max_tokens" in body, body["max_completion_tokens"], body["top_k"]) == (False, 100, 1)
    with pytest.raises(ValueError, match="cannot do without it"):
        ModelSettings(leave_out=("messages",))


def anthropic(loopback: Loopback, **settings: Any) -> AnthropicClient:
    return AnthropicClient("tiny", ModelSettings(**{"base_url": loopback.url, "retries": 0, **settings}))


def _anthropic_words(message: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": "invalid_request_error", "message": message}}


@pytest.mark.parametrize(
    ("refusal", "settings"),
    [
        ((400, _anthropic_words("`temperature` is deprecated for this model."), has("temperature")), {"temperature": 0.5}),
        ((400, _anthropic_words("system.0.cache_control: Extra inputs are not permitted"), has_within("cache_control")), {}),
        (
            (400, _anthropic_words("system: Input should be a valid string"), lambda body: isinstance(body["system"], list)),
            {},
        ),
        ((400, _anthropic_words("max_tokens: 8192 > 4096, which is the maximum allowed"), has("max_tokens", 8192)), {}),
        (
            (400, _anthropic_words("output_config: Extra inputs are not permitted"), has("output_config")),
            {"form": "json_schema"},
        ),
        ((400, _anthropic_words("tools.0.custom.input_schema: JSON schema is invalid"), has("tools")), {}),
    ],
    ids=lambda value: "",
)
def test_anthropics_protocol_in_part(loopback: Loopback, refusal: tuple[Any, ...], settings: dict[str, Any]) -> None:
    loopback.always(gateway(CUP, refusing(*refusal)))
    one = anthropic(loopback, **settings)
    assert json.loads(one.reply(request()).text) == CUP
    assert len(loopback.requests) == 2
    assert all(json.dumps(words)[1:-1] in loopback.requests[1].text for words in (SYSTEM, USER))
    assert len(one.parameters["adapted"]) == 1  # type: ignore[arg-type]
