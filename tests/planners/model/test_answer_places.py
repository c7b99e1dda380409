"""Places in which servers put an answer: read where it fits the schema, from every protocol."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asked_for import CUP, request
from loopback.server import Loopback

from lmp.model_settings import ModelSettings
from lmp.planners.model.anthropic_client import AnthropicClient
from lmp.planners.model.faults import AnswerTruncated, EmptyAnswer, ModelRefused
from lmp.planners.model.openai_client import OpenAIClient

TEXT = json.dumps(CUP)


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "OPENAI_BASE_URL", "ANTHROPIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def chat(loopback: Loopback, message: dict[str, Any], stop: str = "stop", **choice: Any) -> str:
    told = {"id": "1", "object": "chat.completion", "created": 1, "model": "m"}
    full = {"role": "assistant", "content": None, **message}
    loopback.raw({**told, "choices": [{"index": 0, "message": full, "finish_reason": stop, **choice}]})
    return OpenAIClient("tiny", ModelSettings(base_url=loopback.url, retries=0)).reply(request()).text


@pytest.mark.parametrize(
    "message",
    [
        {"reasoning_content": TEXT},
        {"content": "", "reasoning_content": f"The cup is near.\n{TEXT}"},
        {"content": "", "reasoning": TEXT},
        {"content": "  \n", "reasoning": f"<think>hm</think>{TEXT}"},
        {"reasoning_details": [{"type": "reasoning.text", "text": TEXT}]},
        {"refusal": TEXT},
        {"content": TEXT, "refusal": "", "reasoning": "It is the cup."},
        {
            "content": "Here it comes.",
            "tool_calls": [{"id": "1", "type": "function", "function": {"name": "P", "arguments": CUP}}],
        },
        {"content": TEXT, "tool_calls": [{"id": "1", "type": "function", "function": {"name": "P", "arguments": "{}"}}]},
        {"content": TEXT, "tool_calls": []},
        {"function_call": {"name": "P", "arguments": TEXT}},
        {"content": [{"type": "text", "text": TEXT}]},
        {"content": [{"type": "thinking", "thinking": "hm "}, {"type": "output_text", "text": TEXT}]},
        {"content": [TEXT[:10], TEXT[10:]]},
        {"content": CUP},
        {"content": [{"type": "json", "json": CUP}]},
        {"content": None, "parsed": CUP},
        {"content": "I thought about it.", "reasoning_content": TEXT},
    ],
    ids=lambda message: json.dumps(message)[:40],
)
def test_a_chat_answer_wherever_it_stands(loopback: Loopback, message: dict[str, Any]) -> None:
    text = chat(loopback, message)
    assert '"name": "cup"' in text
    assert "hm " not in text or "output_text" in json.dumps(message)


def test_what_does_not_fit_is_not_an_answer(loopback: Loopback) -> None:
    with pytest.raises(ModelRefused):
        chat(loopback, {"refusal": '{"name": "cup"}'})
    assert chat(loopback, {"content": "", "reasoning": "I wonder."}) == "I wonder.", "goes back with what is wrong with it"
    with pytest.raises(EmptyAnswer):
        chat(loopback, {"content": "", "reasoning": " "})


def test_a_draft_in_the_thoughts_of_a_cut_answer_is_not_the_answer(loopback: Loopback) -> None:
    with pytest.raises(AnswerTruncated):
        chat(loopback, {"content": "", "reasoning": TEXT}, "length")
    with pytest.raises(ModelRefused):
        chat(loopback, {"content": "", "reasoning": TEXT}, "content_filter")


@pytest.mark.parametrize(
    "output",
    [
        [{"type": "reasoning", "id": "r", "summary": [], "content": [{"type": "reasoning_text", "text": TEXT}]}],
        [{"type": "reasoning", "id": "r", "summary": [{"type": "summary_text", "text": TEXT}]}],
        [{"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": TEXT}],
        [{"type": "message", "id": "m", "role": "assistant", "content": [{"type": "refusal", "refusal": TEXT}]}],
        [{"type": "function_call", "id": "f", "call_id": "c", "name": "P", "arguments": CUP}],
    ],
    ids=lambda output: json.dumps(output)[:40],
)
def test_a_response_wherever_its_answer_stands(loopback: Loopback, output: list[dict[str, Any]]) -> None:
    loopback.raw({"id": "1", "object": "response", "created_at": 1, "model": "m", "status": "completed", "output": output})
    client = OpenAIClient("tiny", ModelSettings(base_url=loopback.url, retries=0, api="responses"))
    assert json.loads(client.reply(request()).text) == CUP


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "thinking", "thinking": TEXT, "signature": ""}],
        [{"type": "text", "text": "Well."}, {"type": "tool_use", "id": "t", "name": "P", "input": TEXT}],
        [{"type": "text", "text": TEXT}, {"type": "tool_use", "id": "t", "name": "P", "input": {}}],
        TEXT,
    ],
    ids=lambda content: json.dumps(content)[:40],
)
def test_a_message_wherever_its_answer_stands(loopback: Loopback, content: Any) -> None:
    told = {"id": "1", "type": "message", "role": "assistant", "model": "m", "stop_reason": "end_turn", "content": content}
    loopback.raw(told)
    client = AnthropicClient("tiny", ModelSettings(base_url=loopback.url, retries=0))
    assert json.loads(client.reply(request()).text) == CUP
