"""What providers send: an answer, a refusal or half an answer in each of the protocols."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Said:
    """What a model says.

    Attributes:
        text: The answer.
        as_tool: As a tool call; None for how it was asked.
        stop: "done", "length" (cut at its largest length), "refusal" or "filter".
        sent, answered, cached: Tokens [count]; None for an answer that tells none.
    """

    text: str
    as_tool: bool | None = None
    stop: str = "done"
    sent: int | None = 1200
    answered: int = 80
    cached: int = 0


def body(path: str, request: dict[str, Any], said: Said) -> dict[str, Any]:
    """An answer in the protocol of that path."""
    as_tool = bool(request.get("tools")) if said.as_tool is None else said.as_tool
    if path.endswith("/chat/completions"):
        return _chat(request, said, as_tool)
    if path.endswith("/responses"):
        return _responses(request, said, as_tool)
    return _messages(request, said, as_tool)


def _tool_name(request: dict[str, Any]) -> str:
    tools = request.get("tools") or [{}]
    return str(tools[0].get("name") or tools[0].get("function", {}).get("name") or "answer")


def _arguments(text: str) -> Any:
    """The input of a tool in Anthropic's protocol is JSON; text that is none stands in it as the server got it."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _chat(request: dict[str, Any], said: Said, as_tool: bool) -> dict[str, Any]:
    call = {"id": "call_1", "type": "function", "function": {"name": _tool_name(request), "arguments": said.text}}
    message: dict[str, Any] = {"role": "assistant", "content": None if as_tool else said.text}
    if as_tool:
        message["tool_calls"] = [call]
    if said.stop == "refusal":
        message = {"role": "assistant", "content": None, "refusal": said.text}
    reasons = {"done": "tool_calls" if as_tool else "stop", "length": "length", "filter": "content_filter", "refusal": "stop"}
    answer: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": request.get("model", ""),
        "choices": [{"index": 0, "message": message, "finish_reason": reasons[said.stop], "logprobs": None}],
    }
    if said.sent is not None:
        answer["usage"] = {
            "prompt_tokens": said.sent,
            "completion_tokens": said.answered,
            "total_tokens": said.sent + said.answered,
            "prompt_tokens_details": {"cached_tokens": said.cached},
        }
    return answer


def _responses(request: dict[str, Any], said: Said, as_tool: bool) -> dict[str, Any]:
    part = {"type": "output_text", "text": said.text, "annotations": []}
    if said.stop == "refusal":
        part = {"type": "refusal", "refusal": said.text}
    item: dict[str, Any] = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}
    if as_tool and said.stop != "refusal":
        name = _tool_name(request)
        item = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": name, "arguments": said.text}
    cut = {"length": "max_output_tokens", "filter": "content_filter"}.get(said.stop)
    answer: dict[str, Any] = {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "model": request.get("model", ""),
        "status": "completed" if cut is None else "incomplete",
        "incomplete_details": None if cut is None else {"reason": cut},
        "error": None,
        "instructions": None,
        "metadata": {},
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
        "output": [{"type": "reasoning", "id": "rs_1", "summary": []}, item],
    }
    if said.sent is not None:
        answer["usage"] = {
            "input_tokens": said.sent,
            "output_tokens": said.answered,
            "total_tokens": said.sent + said.answered,
            "input_tokens_details": {"cached_tokens": said.cached, "cache_write_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0},
        }
    return answer


def _messages(request: dict[str, Any], said: Said, as_tool: bool) -> dict[str, Any]:
    content: list[dict[str, Any]] = [{"type": "text", "text": said.text}] if said.text else []
    if as_tool and said.stop != "refusal":
        content = [{"type": "tool_use", "id": "toolu_1", "name": _tool_name(request), "input": _arguments(said.text)}]
    reasons = {"done": "tool_use" if as_tool else "end_turn", "length": "max_tokens", "filter": "refusal", "refusal": "refusal"}
    answer: dict[str, Any] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": request.get("model", ""),
        "content": content,
        "stop_reason": reasons[said.stop],
        "stop_sequence": None,
    }
    if said.sent is not None:
        answer["usage"] = {
            "input_tokens": said.sent - said.cached,
            "output_tokens": said.answered,
            "cache_read_input_tokens": said.cached,
            "cache_creation_input_tokens": 0,
        }
    return answer
