"""Answers in the bodies of providers' responses: places where protocols, and servers that vary them, put text and tokens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lmp.model_settings import Prices
from lmp.planners.model.prices import usage
from lmp.schema.exchange import Usage

_CHAT_STOPS = {"length": "cut", "max_tokens": "cut", "content_filter": "refused"}
_RESPONSES_STOPS = {"max_output_tokens": "cut", "content_filter": "refused"}
_MESSAGES_STOPS = {"refusal": "refused", "max_tokens": "cut", "model_context_window_exceeded": "full"}
_THOUGHTS = ("reasoning_content", "reasoning", "reasoning_details", "thinking", "thoughts")
_TEXTS = ("text", "output_text", "content", "summary", "thinking", "json", "arguments", "value", "refusal")


@dataclass(frozen=True)
class Read:
    """A provider's response, read.

    Attributes:
        text: The answer as text; arguments of a tool call where there is one.
        stop: Why it ended: "done", "refused", "cut" (at its largest length) or "full" (all that the model can read).
        usage: What the call used.
        elsewhere: Texts in other places of the response, where some servers put the answer.
    """

    text: str
    stop: str
    usage: Usage
    elsewhere: tuple[str, ...] = ()


def read_chat(body: Any, prices: Prices | None) -> Read | None:
    """A chat completion; None where it has no answer in it."""
    choices = _table(body).get("choices")
    choice = _table(choices[0]) if isinstance(choices, list) and choices else {}
    message = _table(choice.get("message"))
    if not message and "text" not in choice:
        return None
    told = _table(body.get("usage"))
    cached = _table(told.get("prompt_tokens_details")).get("cached_tokens")
    used = usage(told.get("prompt_tokens"), told.get("completion_tokens"), cached, prices)
    calls = [*_called(message.get("tool_calls")), *_called([{"function": message.get("function_call")}])]
    content = _joined(message.get("content", choice.get("text")))
    refusal = _joined(message.get("refusal"))
    parsed = [_joined(message["parsed"])] if message.get("parsed") else []
    thoughts = [text for name in _THOUGHTS if (text := _joined(message.get(name)))]
    if refusal:
        return Read(refusal, "refused", used, tuple(text for text in (*calls, content, *parsed) if text.strip()))
    text = "\n".join(calls) or content
    elsewhere = [*([content] if calls else []), *parsed, *thoughts]
    return Read(text, _stop(choice.get("finish_reason"), _CHAT_STOPS), used, tuple(one for one in elsewhere if one.strip()))


def read_responses(body: Any, prices: Prices | None) -> Read | None:
    """A response of the responses protocol; None where it has no answer in it."""
    output = _table(body).get("output")
    if not isinstance(output, list):
        return None
    calls: list[str] = []
    texts: list[str] = []
    refusals: list[str] = []
    thoughts: list[str] = []
    for item in map(_table, output):
        if item.get("type") == "function_call":
            calls.append(_joined(item.get("arguments")))
        elif item.get("type") == "reasoning":
            thoughts += [_joined(item.get("summary")), _joined(item.get("content"))]
        else:
            content = item.get("content")
            for part in content if isinstance(content, list) else [content]:
                (refusals if _table(part).get("type") == "refusal" else texts).append(_joined(part))
    told = _table(body.get("usage"))
    cached = _table(told.get("input_tokens_details")).get("cached_tokens")
    used = usage(told.get("input_tokens"), told.get("output_tokens"), cached, prices)
    answer = "\n".join(calls) or "".join(texts)
    if refusals:
        return Read("\n".join(refusals), "refused", used, (answer,) if answer.strip() else ())
    reason = _table(body.get("incomplete_details")).get("reason")
    elsewhere = ["".join(texts) if calls else "", *thoughts]
    return Read(answer, _stop(reason, _RESPONSES_STOPS), used, tuple(one for one in elsewhere if one.strip()))


def read_messages(body: Any, prices: Prices | None) -> Read | None:
    """A message of Anthropic's protocol; None where it has no answer in it."""
    content = _table(body).get("content")
    if isinstance(content, str):
        content = [{"type": "text", "text": content}]
    if not isinstance(content, list):
        return None
    calls, texts, thoughts = [], [], []
    for block in map(_table, content):
        if block.get("type") == "tool_use":
            calls.append(_joined(block.get("input"), whole=True))
        elif block.get("type") == "text":
            texts.append(_joined(block.get("text")))
        else:
            thoughts.append(_joined(block))
    told = _table(body.get("usage"))
    cached, written = (
        found if isinstance(found := told.get(f"cache_{kind}_input_tokens"), int) else 0 for kind in ("read", "creation")
    )
    fresh = told.get("input_tokens")
    # Anthropic counts cached tokens apart; `Usage` has them among those that were sent.
    sent = fresh + cached + written if isinstance(fresh, int) else None
    used = usage(sent, told.get("output_tokens"), cached if told else None, prices)
    elsewhere = ["".join(texts) if calls else "", *thoughts]
    text = "\n".join(calls) or "".join(texts)
    return Read(text, _stop(body.get("stop_reason"), _MESSAGES_STOPS), used, tuple(one for one in elsewhere if one.strip()))


def _called(calls: Any) -> Iterator[str]:
    """The arguments of tool calls: as text, or as JSON instead, as some servers send them."""
    for call in calls if isinstance(calls, list) else ():
        arguments = _table(_table(call).get("function") or call).get("arguments")
        if arguments is not None:
            yield _joined(arguments, whole=True)


def _stop(reason: Any, stops: dict[str, str]) -> str:
    return stops.get(reason, "done") if isinstance(reason, str) else "done"


def _table(node: Any) -> dict[str, Any]:
    return node if isinstance(node, dict) else {}


def _joined(node: Any, whole: bool = False) -> str:
    """A part of a response as text: a text, a list of parts, or the JSON itself where a text should be.

    Args:
        node: The part.
        whole: Whether a table is the JSON itself, and not a part with a text in it.
    """
    if node is None:
        return ""
    if isinstance(node, str):
        return node
    if isinstance(node, list) and not whole:
        return "".join(_joined(part) for part in node)
    if isinstance(node, dict) and not whole and ("type" in node or len(node) == 1):
        name = next((name for name in _TEXTS if name in node), None)
        if name is not None:
            return _joined(node[name], whole=isinstance(node[name], dict))
    return json.dumps(node, ensure_ascii=False)
