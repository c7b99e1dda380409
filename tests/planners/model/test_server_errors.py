"""Errors as servers say them: in the body of a success, in any shape, retried and told like the code that they carry."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asked_for import CUP, request
from hypothesis import given
from hypothesis import strategies as st
from loopback.server import Loopback

from lmp.errors import LmpError
from lmp.model_settings import ModelSettings
from lmp.planners.model.faults import ContextOverflow, NotAuthorised, ServerFault
from lmp.planners.model.openai_client import OpenAIClient
from lmp.planners.model.server_error import server_error


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def client(loopback: Loopback, **settings: Any) -> OpenAIClient:
    return OpenAIClient("tiny", ModelSettings(**{"base_url": loopback.url, "retries": 0, **settings}))


RATE = {"error": {"code": 429, "message": "Rate limit reached."}}


@pytest.mark.parametrize(
    "body",
    [
        RATE,
        {"error": {"code": "429", "message": "Rate limit reached."}},
        {"error": {"type": "rate_limit_error", "message": "Rate limit reached."}},
        {"error": "Rate limit reached."},
        [RATE],
        {"id": "1", "choices": [], **RATE},
        {
            "id": "1",
            "choices": [{"index": 0, "finish_reason": "error", **RATE, "message": {"role": "assistant", "content": ""}}],
        },
        {"object": "error", "message": "Rate limit reached.", "code": 429},
        {"status": "failed", "output": [], **RATE},
    ],
    ids=lambda body: json.dumps(body)[:30],
)
@pytest.mark.parametrize("retries", [0, 1])
def test_an_error_in_a_success_is_retried_like_its_code(loopback: Loopback, body: Any, retries: int) -> None:
    body = json.dumps(body).encode()
    loopback.fault("busy", status=200, body=body, headers={"Retry-After": "0"}).answer(CUP)
    if retries:
        assert json.loads(client(loopback, retries=1).reply(request()).text) == CUP
        return
    with pytest.raises(ServerFault, match=r"too busy.*HTTP 200 with error 429 in its body: Rate limit reached\)"):
        client(loopback).reply(request())


@pytest.mark.parametrize(
    ("error", "fault", "words"),
    [
        (
            {"code": 401, "message": "No such key."},
            NotAuthorised,
            "wants a key .HTTP 200 with error 401 in its body: No such key",
        ),
        ({"code": "invalid_api_key", "message": "No."}, NotAuthorised, "wants a key"),
        ({"code": "context_length_exceeded", "message": "Too much."}, ContextOverflow, "too long"),
        ({"message": "Something odd."}, ServerFault, "broke .HTTP 200 with error 500 in its body: Something odd"),
        ({"code": 502, "message": "Bad gateway."}, ServerFault, "broke .HTTP 200 with error 502"),
    ],
)
def test_an_error_in_a_success_is_the_fault_that_its_code_means(
    loopback: Loopback, error: dict[str, Any], fault: type[LmpError], words: str
) -> None:
    loopback.raw({"error": error})
    with pytest.raises(fault, match=words):
        client(loopback).reply(request())


def test_what_a_body_says_of_waiting_counts(loopback: Loopback) -> None:
    """The end comes before the wait is over, so it is not waited for."""
    error = {"code": 429, "message": "Later.", "details": [{"@type": "RetryInfo", "retryDelay": "55s"}]}
    loopback.raw({"error": error}).answer(CUP)
    with pytest.raises(ServerFault, match="too busy"):
        client(loopback, retries=2).reply(request(seconds=20.0))
    assert len(loopback.requests) == 1


def test_an_answer_beside_an_empty_error_is_an_answer(loopback: Loopback) -> None:
    message = {"role": "assistant", "content": json.dumps(CUP)}
    for error in (None, {}, ""):
        loopback.raw({"id": "1", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "error": error})
        assert json.loads(client(loopback).reply(request()).text) == CUP


@given(
    body=st.binary()
    | st.text().map(str.encode)
    | st.recursive(
        st.none() | st.text(),
        lambda inner: st.dictionaries(
            st.sampled_from(["error", "message", "detail", "loc", "choices", "code"]), inner | st.lists(inner)
        ),
    ).map(lambda value: json.dumps(value).encode()),
    status=st.sampled_from([200, 400, 500]),
)
def test_any_body_is_looked_at_safely(body: bytes, status: int) -> None:
    found = server_error(status, body)
    assert (found is not None) or status == 200
    if found is not None:
        assert found.said
        assert found.status >= 400
