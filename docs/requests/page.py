"""The pages of the requests: what each provider receives for each prompt, for one fixed situation."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

from providers import PROVIDERS, Sent, sent
from situation import INSTRUCTION, SCENE, SEED, requests

from lmp.planners.model.reasking import system_with_schema
from lmp.planners.model.request import Request
from lmp.prompts.prompt_file import load_prompt
from lmp.schema.exchange import Turn

FRONT = Path(__file__).with_name("front.txt")
WRITTEN = "<!-- Written by `make docs` from what the SDKs make of the requests; a test compares it. -->"
WRONG = Turn(
    text='{"understanding": "The block goes into the bowl.", "subgoals": []}',
    complaints=("refusal: the instruction is not carried out yet; give subgoals or a refusal.",),
)
"""An answer that is returned, to show how."""


def request_pages() -> dict[str, str]:
    """Every page, by path below `docs`."""
    asked = requests()
    pages = {f"requests/{name}.md": _page(name, request) for name, request in asked.items()}
    return {"requests.md": _front(asked), **pages}


def _front(asked: dict[str, Request]) -> str:
    rows = [
        "| prompt | system text [characters] | user text [characters] | pictures | schema [characters] |",
        "|---|---|---|---|---|",
    ]
    for name, request in asked.items():
        lengths = (request.system, request.user, _compact(request.answer.model_json_schema()))
        system, user, schema = (f"{len(text):,}".replace(",", " ") for text in lengths)
        rows.append(f"| [{name}](requests/{name}.md) | {system} | {user} | {len(request.pictures)} | {schema} |")
    ways = [f"| {one.title} | {one.note} |" for one in PROVIDERS]
    first = asked["decompose"]
    again = Request(first.question, first.system, first.user, first.pictures, first.answer, (WRONG,))
    reasks = [_block(json.dumps(_messages(again, one)[-2:], indent=1, ensure_ascii=False), "json") for one in PROVIDERS[:1]]
    schema = _compact(first.answer.model_json_schema())
    text = system_with_schema(first).removeprefix(first.system).replace(schema, "⟨schema⟩").strip()
    blanks = {
        "instruction": INSTRUCTION,
        "scene": f"`{SCENE}` of seed {SEED}",
        "rows": "\n".join(rows),
        "ways": "\n".join(["| request | sent for |", "|---|---|", *ways]),
        "reask": reasks[0],
        "text": _block(text),
    }
    page = FRONT.read_text(encoding="utf-8")
    for name, value in blanks.items():
        page = page.replace(f"@{name}@", value)
    return f"{WRITTEN}\n\n{page}"


def _page(name: str, request: Request) -> str:
    header = load_prompt(name).header
    schema = request.answer.model_json_schema()
    pictures = [f"- `{one.label}`: PNG, {one.width} x {one.height} px" for one in request.pictures]
    parts = [
        WRITTEN,
        f"# The request of `{name}`",
        f"{header.purpose} [What the marks ⟨⟩ stand for](../requests.md).",
        "## System text",
        _block(request.system),
        "## Pictures",
        "\n".join(pictures),
        "## User text",
        _block(request.user),
        "## Schema of the answer",
        f"`{request.answer.__name__}`, as JSON Schema.",
        _folded(_block(json.dumps(schema, indent=1, ensure_ascii=False), "json")),
    ]
    for provider in PROVIDERS:
        told = sent(provider, request)
        body = json.dumps(_Marks(request).of(told.body), indent=1, ensure_ascii=False)
        parts += [
            f"## {provider.title}",
            f"{provider.note}.",
            _block("\n".join((told.line, *told.headers)) + "\n\n" + body, "http"),
        ]
    return "\n\n".join(parts) + "\n"


def _messages(request: Request, provider: Any) -> list[Any]:
    told: Sent = sent(provider, request)
    found: list[Any] = _Marks(request).of(told.body)["messages"]
    return found


class _Marks:
    """Marks for what stands above a body on its page."""

    def __init__(self, request: Request):
        self._texts = {request.system: "⟨system text⟩", request.user: "⟨user text⟩"}
        self._pictures = {base64.b64encode(one.png).decode(): f"⟨{one.label}⟩" for one in request.pictures}
        self._schema = request.answer.model_json_schema()

    def of(self, node: Any) -> Any:
        """The node with marks in it."""
        if isinstance(node, str):
            return self._texts.get(node) or self._without_picture(node)
        if isinstance(node, list):
            return [self.of(item) for item in node]
        if isinstance(node, dict):
            return self._schema_mark(node) or {key: self.of(value) for key, value in node.items()}
        return node

    def _without_picture(self, text: str) -> str:
        for data, mark in self._pictures.items():
            if text.endswith(data):
                return text.removesuffix(data) + mark
        return text

    def _schema_mark(self, node: dict[str, Any]) -> str | None:
        if node == self._schema:
            return "⟨schema⟩"
        # For tools of chat completions, instructor puts name and description beside the schema, and sorts what is required.
        kept = {key: value for key, value in self._schema.items() if key not in ("title", "description")}
        return "⟨schema of the tool⟩" if node == {**kept, "required": sorted(kept["required"])} else None


def _compact(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, separators=(",", ":"))


def _folded(text: str) -> str:
    return f"<details>\n<summary>the whole schema</summary>\n\n{text}\n\n</details>"


def _block(text: str, language: str = "text") -> str:
    """A fence that is longer than any in the text."""
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"
