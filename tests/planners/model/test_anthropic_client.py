"""Anthropic's SDK against a real server on loopback."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from asked_for import CUP, FRONT, SYSTEM, USER, request
from loopback.server import Loopback

from lmp.errors import LmpError
from lmp.model_settings import ModelSettings, Prices
from lmp.planners.model.anthropic_client import AnthropicClient
from lmp.planners.model.faults import (
    AnswerTruncated,
    ContextOverflow,
    EmptyAnswer,
    ModelRefused,
    NotAuthorised,
    ServerFault,
    UnknownModel,
)
from lmp.schema.exchange import Turn

FORMS = ("auto", "tool", "json_schema", "text")


def client(loopback: Loopback, **settings: Any) -> AnthropicClient:
    return AnthropicClient("claude", ModelSettings(**{"base_url": loopback.url, "retries": 0, **settings}))


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    monkeypatch.delenv("ANTHROPIC_AUTH_TOKEN", raising=False)


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_in_each_form(loopback: Loopback, form: str) -> None:
    loopback.answer(CUP)
    assert json.loads(client(loopback, form=form).reply(request()).text) == CUP
    sent = loopback.requests[0]
    assert (sent.path, sent.headers["x-api-key"]) == ("/v1/messages", "no-key")
    assert ("tools" in sent.body) == (form in ("auto", "tool"))
    assert ("output_config" in sent.body) == (form == "json_schema")
    assert "how high to lift [m]" in sent.text, "the schema goes with the request"


def test_the_request(loopback: Loopback) -> None:
    loopback.answer(CUP)
    turn = Turn(text="The {{7*7}}.", complaints=("it is not JSON", "say the height"))
    client(loopback, temperature=0.25, seed=3).reply(request(turns=(turn,)))
    body = loopback.requests[0].body
    assert body["system"] == [{"type": "text", "text": SYSTEM, "cache_control": {"type": "ephemeral"}}]
    assert (body["max_tokens"], body["temperature"], "seed" in body) == (8192, 0.25, False)
    assert body["tool_choice"]["name"] == body["tools"][0]["name"] == "Pick"
    user, answered, wrong = body["messages"]
    label, picture, words = user["content"]
    assert (label["text"], words["text"]) == ("Picture: camera front", USER)
    assert base64.b64decode(picture["source"]["data"]) == FRONT.png
    assert answered == {"role": "assistant", "content": "The {{7*7}}."}
    assert "1. it is not JSON\n2. say the height" in wrong["content"]


def test_cached_tokens_are_among_those_that_were_sent(loopback: Loopback) -> None:
    loopback.answer(CUP, sent=1000, answered=100, cached=600)
    usage = client(loopback, prices=Prices(input=2.0, output=10.0, cached=0.5)).reply(request()).usage
    assert (usage.input_tokens, usage.output_tokens, usage.cached_tokens) == (1000, 100, 600)
    assert usage.cost == pytest.approx((400 * 2.0 + 600 * 0.5 + 100 * 10.0) / 1e6)


@pytest.mark.parametrize("form", FORMS)
def test_words_where_a_tool_call_was_asked_for(loopback: Loopback, form: str) -> None:
    loopback.answer("I would take the cup.", as_tool=False)
    assert client(loopback, form=form).reply(request()).text == "I would take the cup."


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("how", "fault", "words"),
    [
        ({"stop": "refusal"}, ModelRefused, "declined to answer: No."),
        ({"stop": "length"}, AnswerTruncated, "cut at 8192 tokens"),
        ({"text": "", "as_tool": False}, EmptyAnswer, "empty answer"),
    ],
)
def test_answers_that_are_none(loopback: Loopback, form: str, how: dict[str, Any], fault: type[LmpError], words: str) -> None:
    how = dict(how)
    loopback.answer(how.pop("text", "No."), **how)
    with pytest.raises(fault, match=words) as caught:
        client(loopback, form=form).reply(request())
    assert caught.value.usage.output_tokens == 80  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kind", "fault", "words"),
    [
        ("unauthorised", NotAuthorised, "wants a key .HTTP 401: Incorrect API key provided.. Set ANTHROPIC_API_KEY"),
        ("forbidden", NotAuthorised, "HTTP 403"),
        ("no_model", UnknownModel, "does not have this model .HTTP 404.*Check the name after anthropic:"),
        ("busy", ServerFault, "too busy.*HTTP 429: Slow down"),
        ("broken", ServerFault, "broke .HTTP 500: The server broke"),
        ("overflow", ContextOverflow, "too long for anthropic:claude at"),
        ("malformed", ServerFault, "did not answer in its protocol"),
        ("no_protocol", ServerFault, "did not answer in its protocol .there is no answer in what it sent"),
        ("page", ServerFault, "did not answer in its protocol"),
        ("deep", ServerFault, "did not answer in its protocol .RecursionError"),
        ("giant", ServerFault, "sent more than 8 MB"),
        ("cut", ServerFault, "could not be reached, or the connection was cut"),
    ],
)
def test_faults_are_typed_and_say_who_where_and_what_to_do(
    loopback: Loopback, kind: str, fault: type[LmpError], words: str
) -> None:
    loopback.fault(kind)
    with pytest.raises(fault, match=words) as caught:
        client(loopback).reply(request())
    assert f"anthropic:claude at {loopback.url.split('/')[2]}" in str(caught.value)
    assert caught.value.__context__ is None, "the SDK's exceptions hold the request"


def test_an_answer_that_takes_too_long(loopback: Loopback) -> None:
    loopback.fault("slow")
    with pytest.raises(ServerFault, match=r"no answer within 0\.2 s.*raise `seconds`"):
        client(loopback).reply(request(seconds=0.2))


def test_what_breaks_on_the_way_is_sent_again(loopback: Loopback) -> None:
    loopback.fault("busy").answer(CUP)
    assert json.loads(client(loopback, retries=1).reply(request()).text) == CUP
    assert len(loopback.requests) == 2


def test_the_context_window_is_full(loopback: Loopback) -> None:
    block = {"type": "text", "text": '{"name": '}
    loopback.raw(
        {"id": "1", "type": "message", "role": "assistant", "content": [block], "stop_reason": "model_context_window_exceeded"}
    )
    with pytest.raises(ContextOverflow, match="too long for anthropic:claude"):
        client(loopback).reply(request())
