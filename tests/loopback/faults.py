"""How a server fails: each fault is a status, headers and a body, or something rougher."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

OVERFLOW = "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens."


@dataclass(frozen=True)
class Fault:
    """What comes instead of an answer.

    Attributes:
        kind: As in `KINDS`.
        status, headers, body: The HTTP answer.
        echo: The request's headers, the key among them, are in the body and in a header of the answer.
        filler: A body of that many characters is sent instead [count].
    """

    kind: str
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    echo: bool = False
    filler: int = 0


def _error(status: int, message: str, code: str, anthropic: str, **more: Any) -> dict[str, Any]:
    """An error body that both providers' SDKs understand."""
    error = {"message": message, "type": anthropic, "code": code, "param": None}
    return {"status": status, "body": json.dumps({"type": "error", "error": error}).encode(), **more}


KINDS: dict[str, dict[str, Any]] = {
    "unauthorised": _error(401, "Incorrect API key provided.", "invalid_api_key", "authentication_error"),
    "forbidden": _error(403, "This key may not use the model.", "forbidden", "permission_error"),
    "no_model": _error(404, "The model does not exist.", "model_not_found", "not_found_error"),
    "busy": _error(429, "Slow down.", "rate_limit_exceeded", "rate_limit_error", headers={"Retry-After": "0"}),
    "broken": _error(500, "The server broke.", "server_error", "api_error"),
    "overflow": _error(400, OVERFLOW, "context_length_exceeded", "invalid_request_error"),
    "bad_request": _error(400, "Unknown parameter: 'tools'.", "unknown_parameter", "invalid_request_error"),
    "redirect": {"status": 307, "headers": {"Location": "http://127.0.0.1:9/v1/elsewhere"}},
    "malformed": {"status": 200, "body": b'{"id": "chatcmpl-1", "choices": [{"mess'},
    "no_protocol": {"status": 200, "body": b'{"hello": ["world"]}'},
    "page": {"status": 200, "headers": {"Content-Type": "text/html"}, "body": b"<html>Please log in.</html>"},
    "deep": {"status": 200, "body": b"[" * 200_000},
    "giant": {"status": 200, "filler": 100_000_000},
    "cut": {"status": 200},
    "cut_body": {"status": 200, "body": b'{"id": "chatcmpl-1", "choi'},
    "slow": {"status": 200},
}
"""Faults by kind. "slow" answers when the server is released, "cut" closes the connection before an answer."""
