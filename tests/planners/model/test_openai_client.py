"""OpenAI's SDK against a real server on loopback."""

from __future__ import annotations

import base64
import json
import logging
from typing import Any

import pytest
from asked_for import CUP, FRONT, SYSTEM, USER, Pick, request
from loopback.server import Loopback

from lmp.errors import LmpError
from lmp.model_settings import ModelSettings, Prices
from lmp.planners.model.faults import (
    AnswerTruncated,
    ContextOverflow,
    EmptyAnswer,
    ModelRefused,
    NotAuthorised,
    ServerFault,
    UnknownModel,
)
from lmp.planners.model.openai_client import OpenAIClient
from lmp.schema.exchange import Turn

APIS = ("chat", "responses")
FORMS = ("tool", "json_schema", "text")


def client(loopback: Loopback, **settings: Any) -> OpenAIClient:
    return OpenAIClient("tiny", ModelSettings(**{"base_url": loopback.url, "retries": 0, **settings}))


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("form", FORMS)
def test_an_answer_in_each_form(loopback: Loopback, caplog: pytest.LogCaptureFixture, api: str, form: str) -> None:
    loopback.answer(CUP)
    reply = client(loopback, api=api, form=form).reply(request())
    assert json.loads(reply.text) == CUP
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == [], "nothing went wrong inside"
    sent = loopback.requests[0]
    assert sent.path == {"chat": "/v1/chat/completions", "responses": "/v1/responses"}[api]
    assert sent.headers["authorization"] == "Bearer no-key"
    assert ("tools" in sent.body) == (form == "tool")
    assert ("response_format" in sent.body or "text" in sent.body) == (form == "json_schema")
    assert json.dumps("how high to lift [m]")[1:-1] in sent.text, "the schema goes with the request"
    assert '"strict": true' not in sent.text


@pytest.mark.parametrize("api", APIS)
def test_pictures_come_with_their_labels_before_the_words(loopback: Loopback, api: str) -> None:
    loopback.answer(CUP)
    client(loopback, api=api).reply(request())
    body = loopback.requests[0].body
    system, user = body["messages"] if api == "chat" else body["input"]
    assert system == {"role": "system", "content": SYSTEM}
    label, picture, words = user["content"]
    assert (label["text"], words["text"]) == ("Picture: camera front", USER)
    url = picture["image_url"]["url"] if api == "chat" else picture["image_url"]
    assert base64.b64decode(url.removeprefix("data:image/png;base64,")) == FRONT.png


@pytest.mark.parametrize("api", APIS)
def test_earlier_answers_go_back_as_they_came_with_all_complaints(loopback: Loopback, api: str) -> None:
    loopback.answer(CUP)
    turns = (
        Turn(text='{"name": "{{7*7}}"', complaints=("it is cut", "height: this is needed")),
        Turn(text="", complaints=("-",)),
    )
    client(loopback, api=api).reply(request(turns=turns))
    body = loopback.requests[0].body
    _, _, first, wrong, second, _ = body["messages"] if api == "chat" else body["input"]
    assert first == {"role": "assistant", "content": '{"name": "{{7*7}}"'}
    assert wrong["role"] == "user"
    assert "1. it is cut\n2. height: this is needed" in wrong["content"]
    assert second == {"role": "assistant", "content": "(no answer)"}


@pytest.mark.parametrize("api", APIS)
def test_tokens_and_their_price(loopback: Loopback, api: str) -> None:
    loopback.answer(CUP, sent=1000, answered=100, cached=600)
    prices = Prices(input=2.0, output=10.0, cached=0.5)
    usage = client(loopback, api=api, prices=prices).reply(request()).usage
    assert (usage.input_tokens, usage.output_tokens, usage.cached_tokens) == (1000, 100, 600)
    assert usage.cost == pytest.approx((400 * 2.0 + 600 * 0.5 + 100 * 10.0) / 1e6)


@pytest.mark.parametrize("api", APIS)
def test_a_server_that_tells_no_tokens(loopback: Loopback, api: str) -> None:
    loopback.answer(CUP, sent=None)
    usage = client(loopback, api=api, prices=Prices(input=1.0, output=1.0)).reply(request()).usage
    assert (usage.input_tokens, usage.output_tokens, usage.cost) == (None, None, None)


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("text", ["I would take the cup.", '```json\n{"name": "cup"}\n```', '{"name": 3}'])
@pytest.mark.parametrize("as_tool", [True, False])
def test_whatever_came_comes_back_as_text(loopback: Loopback, api: str, text: str, as_tool: bool) -> None:
    """Words where a tool call was asked for, too: it is judged by who asked."""
    loopback.answer(text, as_tool=as_tool)
    assert client(loopback, api=api, form="tool").reply(request()).text == text


def test_arguments_that_are_json_instead_of_text(loopback: Loopback) -> None:
    """As some servers send them."""
    call = {"id": "1", "type": "function", "function": {"name": "Pick", "arguments": CUP}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    told = {"id": "1", "object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    loopback.raw(told)
    assert json.loads(client(loopback, form="tool").reply(request()).text) == CUP


@pytest.mark.parametrize("api", APIS)
def test_only_what_is_set_is_sent(loopback: Loopback, api: str) -> None:
    loopback.answer(CUP).answer(CUP)
    client(loopback, api=api).reply(request())
    client(loopback, api=api, temperature=0.5, seed=7).reply(request())
    plain, full = (asked.body for asked in loopback.requests)
    assert not {"temperature", "seed"} & plain.keys()
    assert full["temperature"] == 0.5
    assert full.get("seed") == (7 if api == "chat" else None)
    assert plain["max_tokens" if api == "chat" else "max_output_tokens"] == 8192


def test_what_the_record_tells_of_the_client(loopback: Loopback) -> None:
    told = client(loopback, temperature=0.5).parameters
    assert told == {
        "server": loopback.url.split("/")[2],
        "server_from": "--base-url or the settings",
        "form": "json_schema",
        "answer_tokens": 8192,
        "temperature": 0.5,
        "api": "chat",
    }
    assert OpenAIClient("m", ModelSettings()).parameters["form"] == "tool"
    assert OpenAIClient("m", ModelSettings(base_url="http://me:secret@box:1/v1")).parameters["server"] == "box:1"


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize(
    ("how", "fault", "words"),
    [
        ({"stop": "refusal"}, ModelRefused, "declined to answer: I would rather not."),
        ({"stop": "filter"}, ModelRefused, "declined to answer"),
        ({"stop": "length"}, AnswerTruncated, "cut at 8192 tokens"),
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_answers_that_are_none(
    loopback: Loopback, api: str, form: str, how: dict[str, Any], fault: type[LmpError], words: str
) -> None:
    loopback.answer("I would rather not.", **how)
    with pytest.raises(fault, match=words) as caught:
        client(loopback, api=api, form=form).reply(request())
    assert caught.value.text == "I would rather not."  # type: ignore[attr-defined]
    assert caught.value.usage.output_tokens == 80, "a call that came to nothing costs as well"  # type: ignore[attr-defined]


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("form", FORMS)
def test_an_empty_answer(loopback: Loopback, api: str, form: str) -> None:
    loopback.answer(" \n", as_tool=False)
    with pytest.raises(EmptyAnswer, match="empty answer"):
        client(loopback, api=api, form=form).reply(request())


@pytest.mark.parametrize(
    ("kind", "fault", "words"),
    [
        ("unauthorised", NotAuthorised, "wants a key .HTTP 401: Incorrect API key provided.. Set OPENAI_API_KEY"),
        ("forbidden", NotAuthorised, "HTTP 403"),
        ("no_model", UnknownModel, "does not have this model .HTTP 404.*Check the name after openai:, and that --base-url"),
        ("busy", ServerFault, "too busy.*HTTP 429: Slow down"),
        ("broken", ServerFault, "broke .HTTP 500: The server broke"),
        ("overflow", ContextOverflow, "too long for openai:tiny at .*8192 tokens.*Send fewer or smaller pictures"),
        (
            "bad_request",
            ServerFault,
            "does not take the request .HTTP 400: Unknown parameter: 'tools'.*In the settings of the model: `form`",
        ),
        ("redirect", ServerFault, "sends the request elsewhere .HTTP 307"),
        ("malformed", ServerFault, "did not answer in its protocol .JSONDecodeError"),
        ("no_protocol", ServerFault, "did not answer in its protocol .there is no answer in what it sent"),
        ("page", ServerFault, "did not answer in its protocol"),
        ("deep", ServerFault, "did not answer in its protocol .RecursionError"),
        ("giant", ServerFault, "sent more than 8 MB"),
        ("cut", ServerFault, "could not be reached, or the connection was cut .Server disconnected"),
        ("cut_body", ServerFault, "could not be reached, or the connection was cut"),
    ],
)
def test_faults_are_typed_and_say_who_where_and_what_to_do(
    loopback: Loopback, kind: str, fault: type[LmpError], words: str
) -> None:
    loopback.fault(kind)
    api = APIS[len(kind) % 2]
    with pytest.raises(fault, match=words) as caught:
        client(loopback, api=api).reply(request())
    assert f"openai:tiny at {loopback.url.split('/')[2]}" in str(caught.value)
    assert caught.value.__context__ is None, "the SDK's exceptions hold the request"
    assert len(loopback.requests) == 1


def test_a_server_that_is_not_there() -> None:
    with Loopback() as gone:
        address = gone.url
    with pytest.raises(ServerFault, match=r"could not be reached.*refused.*Check that the server runs"):
        OpenAIClient("tiny", ModelSettings(base_url=address, retries=0)).reply(request())


def test_an_answer_that_takes_too_long(loopback: Loopback) -> None:
    loopback.fault("slow")
    with pytest.raises(ServerFault, match=r"no answer within 0\.2 s.*raise `seconds`"):
        client(loopback).reply(request(seconds=0.2))


def test_all_tries_together_fit_into_the_time(loopback: Loopback) -> None:
    loopback.fault("slow", times=5)
    with pytest.raises(ServerFault, match=r"no answer within 0\.2 s"):
        client(loopback, retries=5).reply(request(seconds=0.2))
    assert len(loopback.requests) == 1


@pytest.mark.parametrize("kind", ["busy", "broken", "cut"])
def test_what_breaks_on_the_way_is_sent_again(loopback: Loopback, kind: str) -> None:
    loopback.fault(kind).answer(CUP)
    assert json.loads(client(loopback, retries=1).reply(request()).text) == CUP
    assert loopback.requests[0].body == loopback.requests[1].body


def test_the_sdk_does_not_wait_beyond_the_end(loopback: Loopback) -> None:
    loopback.fault("busy", times=3, headers={"Retry-After": "40"})
    with pytest.raises(ServerFault, match="too busy"):
        client(loopback, retries=2).reply(request(seconds=20.0))
    assert len(loopback.requests) == 1


@pytest.mark.parametrize("kind", ["unauthorised", "no_model", "overflow", "malformed", "giant"])
def test_what_no_retry_can_mend_is_not_sent_again(loopback: Loopback, kind: str) -> None:
    loopback.fault(kind, times=3)
    with pytest.raises(LmpError):
        client(loopback, retries=2).reply(request())
    assert len(loopback.requests) == 1


def test_the_newer_limit_goes_to_openai_itself() -> None:
    sent = OpenAIClient("gpt", ModelSettings()).sent(request())
    assert (sent["max_completion_tokens"], "max_tokens" in sent) == (8192, False)


def test_a_schema_of_any_name_and_documentation(loopback: Loopback) -> None:
    odd = type("Pick[Cup] " * 10, (Pick,), {"__doc__": None})
    loopback.answer(CUP)
    client(loopback, form="tool").reply(request(answer=odd))
    name = loopback.requests[0].body["tools"][0]["function"]["name"]
    assert name == "Pick_Cup__Pick_Cup__Pick_Cup__Pick_Cup__Pick_Cup__Pick_Cup__Pick_Cup__"[:64]
