"""Gateways that take a provider's protocol in part: each refuses what it does not know, in the words that such servers have."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from loopback.faults import Fault
from loopback.server import Answer, Asked

Refusal = Callable[[dict[str, Any]], Fault | None]


def refusing(status: int, told: Any, when: Callable[[dict[str, Any]], bool]) -> Refusal:
    """Refuses a request with a body, as long as it has something in it."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return lambda asked: Fault("refused", status, body=body) if when(asked) else None


def gateway(answer: Any, *refusals: Refusal) -> Callable[[Asked], Answer]:
    """Answers what none of the refusals is against."""

    def reply(asked: Asked) -> Answer:
        found = next((fault for refuse in refusals if (fault := refuse(asked.body)) is not None), None)
        return answer if found is None else found

    return reply


def openai_words(message: str, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    """An error as OpenAI says it."""
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}


def pydantic_words(*place: str | int) -> dict[str, Any]:
    """An error as servers say it that validate with pydantic."""
    return {"detail": [{"type": "extra_forbidden", "loc": ["body", *place], "msg": "Extra inputs are not permitted"}]}


def has(name: str, value: Any = None) -> Callable[[dict[str, Any]], bool]:
    """Whether a request has a field, of that value where one is said."""
    return lambda body: name in body and (value is None or body[name] == value)


def has_within(name: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a request has a field anywhere in it but in its messages."""
    return lambda body: f'"{name}"' in json.dumps({key: value for key, value in body.items() if key != "messages"})


def has_role(role: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a request has a message of that role."""
    return lambda body: any(message["role"] == role for message in body["messages"])
