"""Variant of a protocol that one server takes: which fields, under which names, with which values, in which form of answer.

A server that refuses a request and names what it refuses is asked again without it, once for each field. What was learned holds
for as long as the client does, and is in the record of every exchange.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from lmp.planners.model.server_error import NO_MODEL, ServerError

FORMS = ("tool", "json_schema", "text")
"""Forms of an answer, the strictest first."""
MOST_CHANGES = 12
"""Changes that one server may ask for [count]."""
LEAST_ANSWER = 256
"""Shortest answer for which a smaller limit is sent [count]."""
LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")
"""Names of the largest length of an answer."""

_REFUSES = re.compile(
    r"unsupported|\bnot?\b|n't\b|unknown|unrecogni[sz]ed|unexpected|extra"
    r"|forbidden|invalid|illegal|deprecated|removed|cannot|can't|must|only|should|required|missing|unavailable"
    r"|too (large|big|high)|exceeds?|>|at most|less than|fixed|disallowed",
    re.I,
)
_SCHEMA = re.compile(
    r"grammar|gbnf|json.?schema|input_schema|invalid.{0,8}schema|schema.{0,60}(invalid|not|too|fail|unsupported|conver|compil|state)"
    r"|(fail|error|convert|compil).{0,40}schema|guided|structured.?(output|generation|decod)|constrained|xgrammar|outlines"
    r"|llguidance|lm-?format-?enforcer|failed_generation|failed to generate json|json_validate_failed|tool_use_failed"
    r"|initiali[sz]e samplers",
    re.I,
)
_FEATURES = {
    "tool": re.compile(r"\btools?\b|tool.?(use|call|choice)|function.?call|\bfunctions?\b", re.I),
    "json_schema": re.compile(r"response.?format|json.?(schema|mode|object)|output_config|output_format|text\.format", re.I),
}
_SYSTEM = re.compile(
    r"\bsystem\b.{0,40}\b(role|message|prompt|instruction)|\brole\b.{0,60}\bsystem\b|messages?[\[.]0\]?\.role"
    r"|\broles?\b.{0,60}\b(user|assistant)\b|\b(user|assistant)\b.{0,40}\broles?\b",
    re.I,
)
_ALTERNATE = re.compile(r"roles? must alternate", re.I)
_CONTEXT = re.compile(r"(?:context|model|sequence).{0,60}?(?:length|window|size|len)\D{0,30}(\d{3,9})", re.I | re.S)
_PROMPT = re.compile(
    r"(\d{1,9})\s*(?:tokens?\s*)?(?:in the messages|of text input|input tokens|prompt tokens|in your prompt|from the input)"
    r"|(?:request has|prompt contains(?: at least)?|messages resulted in)\s*(\d{1,9})",
    re.I,
)
_TOO_LONG = re.compile(r"large|at most|maximum|range|exceed|greater|less|limit|>|<|up to|between", re.I)
_CLOSED = frozenset({"messages", "input", "schema", "parameters", "input_schema"})
_KEPT = _CLOSED | {"model", "system", "type", "name", "description", "role", "content", "required", "stream"}
_FORM_FIELDS = frozenset(
    {"response_format", "tools", "functions", "function", "json_schema", "format", "text", "output_config", "output_format"}
)

Kind = Literal["drop", "rename", "set", "system_as_text", "system_in_user"]


@dataclass(frozen=True)
class Rule:
    """A change of every request.

    Attributes:
        kind: drop and set a field, rename it, write the system prompt as plain text, or put it before the user's words.
        field: Its name; wherever it stands, except within messages and schemas.
        value: What it is set to, or its other name.
    """

    kind: Kind
    field: str
    value: Any = None

    @property
    def words(self) -> str:
        """Say in words what is done, for the record."""
        match self.kind:
            case "drop":
                return f"{self.field} left out"
            case "rename":
                return f"{self.field} sent as {self.value}"
            case "set":
                return f"{self.field} set to {self.value!r:.80}"
            case "system_as_text":
                return "the system prompt sent as plain text"
            case "system_in_user":
                return "the system prompt sent before the user's words"


@dataclass(frozen=True)
class Dialect:
    """The parameters that a server takes, as far as it is known.

    Attributes:
        form: How the answer's schema is sent.
        rules: Changes of the request, in order.
        refused: Forms that the server refused.
        learned: What was changed and for which words of the server, for the record.
    """

    form: str
    rules: tuple[Rule, ...] = ()
    refused: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()

    @classmethod
    def of_settings(cls, form: str, leave_out: tuple[str, ...], extra: Mapping[str, Any]) -> Dialect:
        """A dialect that the person knows."""
        dropped = (Rule("drop", name) for name in leave_out)
        return cls(form, (*dropped, *(Rule("set", name, value) for name, value in extra.items())))

    def applied(self, body: dict[str, Any]) -> dict[str, Any]:
        """A request's body as this server takes it."""
        changed = copy.deepcopy(body)
        for rule in self.rules:
            _apply(rule, changed)
        return changed

    def adapted(self, error: ServerError, body: dict[str, Any]) -> Dialect | None:
        """The dialect after an error; None where the error names nothing that can be sent otherwise.

        Args:
            error: What the server said.
            body: The request's body that it refused.
        """
        if error.status in (401, 402, 403, 408, 409, 413, 429) or len(self.learned) >= MOST_CHANGES:
            return None
        if error.code == "model_not_found" or (not error.fields and NO_MODEL.search(error.said)):
            return None
        if _CONTEXT.search(error.said) and _room(error, _asked(body)) is None:
            return None  # the question itself is too long
        rule = None if error.status == 404 else self._rule(error, body)
        if rule is not None:
            return replace(self, rules=(*self.rules, rule), learned=(*self.learned, f"{rule.words} ({error.told[:200]})"))
        form = self._next_form(error)
        if form is None:
            return None
        words = f"form {form} instead of {self.form} ({error.told[:200]})"
        return replace(self, form=form, refused=(*self.refused, self.form), learned=(*self.learned, words))

    def _rule(self, error: ServerError, body: dict[str, Any]) -> Rule | None:
        if not error.fields and not _REFUSES.search(error.said):
            return None
        if (limit := self._limit(error, body)) is not None:
            return limit
        if (system := self._system(error, body)) is not None:
            return system
        done = {rule.field for rule in self.rules if rule.kind == "drop" or rule.field == "tool_choice"}
        for name in named_fields(error, body):
            if name == "tool_choice" and isinstance(body.get(name), dict) and name not in done and "type" in body[name]:
                if body[name].get("type") == "function":
                    return Rule("set", name, "required")
            elif name not in done and name not in _FORM_FIELDS and name not in LIMITS and name != "tool_choice":
                return Rule("drop", name)
        return None

    def _limit(self, error: ServerError, body: dict[str, Any]) -> Rule | None:
        """The new largest length of an answer, if the error is about it."""
        name = next((name for name in LIMITS if name in body), None)
        if name is None:
            return None
        before = [rule for rule in self.rules if rule.field in LIMITS]
        room = _room(error, _asked(body))
        about = {field.rpartition(".")[2] for field in error.fields} | {one for one in LIMITS if _says(one, error.said)}
        others = [one for one in LIMITS if one in about and one != name]
        if room is not None and (about & set(LIMITS) or _CONTEXT.search(error.said)):
            return Rule("set", name, room) if not any(rule.kind == "set" for rule in before) else None
        if name not in about and not (others and re.search(r"required|missing|must", error.said, re.I)):
            return None
        if any(rule.kind == "drop" for rule in before):
            return None
        twin = others[0] if others else {"max_tokens": LIMITS[1], "max_completion_tokens": LIMITS[0]}.get(name)
        if twin is not None and not any(rule.kind == "rename" for rule in before):
            return Rule("rename", name, twin)
        return Rule("drop", name)

    def _system(self, error: ServerError, body: dict[str, Any]) -> Rule | None:
        kinds = {rule.kind for rule in self.rules}
        named = any(re.split(r"[.\[]", field)[0] == "system" for field in error.fields)
        named = named or ("system" in body and re.search(r"\bsystem\b['\"`]?[.:\[]|cache_control", error.said) is not None)
        if named and isinstance(body.get("system"), list) and "system_as_text" not in kinds:
            return Rule("system_as_text", "system")
        about = f"{' '.join(error.fields)} {error.said}"
        has = "system" in body or any(message.get("role") == "system" for message in _messages(body))
        if has and "system_in_user" not in kinds and (named or _SYSTEM.search(about) or _ALTERNATE.search(about)):
            return Rule("system_in_user", "system")
        return None

    def _next_form(self, error: ServerError) -> str | None:
        left = [form for form in FORMS if form not in (*self.refused, self.form)]
        if self.form == "text" or not left:
            return None
        about = f"{error.code} {' '.join(error.fields)} {error.said}"
        if _SCHEMA.search(about) and not (self.form == "tool" and _FEATURES["tool"].search(about)):
            return "text"  # what cannot be made of the schema here cannot be made of it in another field of the request, either
        refused = _FEATURES[self.form].search(about) and (error.fields or _REFUSES.search(error.said) or error.status == 404)
        return left[0] if refused else None


def named_fields(error: ServerError, body: dict[str, Any]) -> list[str]:
    """The fields of a request that an error names: first those that it names apart, then those in its words, in their order."""
    there = set(_names(body)) - _KEPT
    apart = [part for field in error.fields for part in reversed(re.split(r"[.\[\]]+", field)) if part in there]
    said = sorted((at, name) for name in there if (at := _says(name, error.said)))
    return list(dict.fromkeys([*apart[:1], *(name for _, name in said), *apart[1:]]))


def _says(name: str, text: str) -> int:
    """Place of a name as a word of its own in a text, counted from 1; 0 where it has none."""
    found = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)
    return 0 if found is None else found.start() + 1


def _names(node: Any) -> Iterator[str]:
    """The names of all fields outside of messages and schemas."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield name
            if name not in _CLOSED:
                yield from _names(value)
    elif isinstance(node, list):
        for item in node:
            yield from _names(item)


def _room(error: ServerError, asked: int) -> int | None:
    """The largest length of an answer that an error allows, if it is shorter than what was asked for."""
    told = " ".join(error.said.split()).replace(",", "")
    window, prompt = _CONTEXT.search(told), _PROMPT.search(told)
    if window is not None:
        if prompt is None:
            return None
        left = int(window.group(1)) - int(prompt.group(1) or prompt.group(2))
        return left if LEAST_ANSWER <= left < asked else None
    if not _TOO_LONG.search(re.sub("|".join(LIMITS), "", told)) or re.search(r"\binstead\b", told, re.I):
        return None
    numbers = (int(number) for number in re.findall(r"(?<![\w.-])\d{2,7}(?![\w-]|\.\d)", told))
    return max((number for number in numbers if LEAST_ANSWER <= number < asked), default=None)


def _asked(body: dict[str, Any]) -> int:
    """The length of an answer that a request allows; 0 where it does not say."""
    return next((body[name] for name in LIMITS if isinstance(body.get(name), int)), 0)


def _messages(body: dict[str, Any]) -> list[dict[str, Any]]:
    listed = body.get("messages", body.get("input"))
    return [message for message in listed if isinstance(message, dict)] if isinstance(listed, list) else []


def _apply(rule: Rule, body: dict[str, Any]) -> None:
    match rule.kind:
        case "drop":
            _drop(rule.field, body)
        case "rename":
            if rule.field in body:
                body[rule.value] = body.pop(rule.field)
        case "set":
            body[rule.field] = copy.deepcopy(rule.value)
        case "system_as_text":
            if isinstance(body.get("system"), list):
                body["system"] = "\n\n".join(str(block.get("text", "")) for block in body["system"])
        case "system_in_user":
            _merge_system(body)


def _drop(name: str, node: Any) -> None:
    if isinstance(node, dict):
        node.pop(name, None)
        for key, value in node.items():
            if key not in _CLOSED:
                _drop(name, value)
    elif isinstance(node, list):
        for item in node:
            _drop(name, item)


def _merge_system(body: dict[str, Any]) -> None:
    """Puts the system prompt before the words of the first message of the user."""
    messages = _messages(body)
    system = body.pop("system", None)
    text = "\n\n".join(str(block.get("text", "")) for block in system) if isinstance(system, list) else system
    for message in messages:
        if message.get("role") == "system":
            text = str(message["content"])
    key = "messages" if "messages" in body else "input"
    body[key] = [message for message in messages if message.get("role") != "system"]
    first = body[key][0] if body[key] else None
    if first is None or not text:
        return
    content = first["content"]
    if isinstance(content, str):
        first["content"] = f"{text}\n\n{content}"
    else:
        kind = "input_text" if key == "input" else "text"
        first["content"] = [{"type": kind, "text": text}, *content]
