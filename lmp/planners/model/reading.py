"""Readings of a model's answer: out of the wrappings that models put around what they were asked for.

One mechanism: every way to look at the answer is a candidate, each is validated against the schema, and an answer is taken
where exactly one distinct candidate fits. Nothing is repaired beyond that, and what can be read in two ways is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from lmp.files.data_complaints import complaints_of
from lmp.planners.model.answers import AnswerModel
from lmp.planners.model.json_answer import decoded, json_values

Answer = TypeVar("Answer", bound=BaseModel)

DEEPEST = 10
"""Wrappings inside of one another that are looked into [count]."""
MOST = 300
"""Candidates that are looked at [count]."""


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


PAYLOADS = _names(
    "answer final_answer response result output parameters params arguments args input data json content value values function "
    "function_call tool_call tool_calls tool_input action_input properties payload body final object"
)
"""Fields in which models and their chat templates put an answer, beside fields that only label it."""
LABELS = _names(
    "name type id index role function_name tool tool_name recipient_name call_id status title description kind version "
    "language format $schema $id schema thought thoughts thinking explanation confidence"
)
"""Fields that label a wrapping, or comment on it."""
NOT_MEANT = _names("example examples rejected wrong invalid bad not previous old draft schema error errors $defs")
"""Fields whose only value is not what a model answers."""
BESIDE = _names("type $schema $id title name id format version")
"""Labels that models put beside the fields of the answer itself; left out where the schema does not know them."""


@dataclass(frozen=True)
class Reading(Generic[Answer]):
    """An answer, read.

    Attributes:
        raw: Its JSON out of its wrappings; of an answer that does not fit, in the reading that comes nearest.
        valid: The answer, where exactly one reading fits.
        complaints: All that is wrong with its form.
    """

    raw: JsonValue
    valid: Answer | None
    complaints: tuple[str, ...]


def read_answer(text: str, answer: type[Answer]) -> Reading[Answer]:
    """The one reading of an answer that fits, or all that is wrong with the nearest.

    Args:
        text: As it came.
        answer: What it has to fit.
    """
    values, wrong = json_values(text)
    if not values:
        return Reading(None, None, (*wrong[:-1], f"{wrong[-1]} {_wanted(answer)}"))
    fitting: dict[str, tuple[JsonValue, Answer]] = {}
    nearest: tuple[int, JsonValue, ValidationError] | None = None
    for value in values:
        for raw in _outermost_first(value, answer, fitting):
            try:
                valid = answer.model_validate_json(json.dumps(raw))
                fitting.setdefault(valid.model_dump_json(), (raw, valid))
            except ValidationError as error:
                if nearest is None or error.error_count() < nearest[0]:
                    nearest = (error.error_count(), raw, error)
    if len(fitting) == 1:
        [(raw, valid)] = fitting.values()
        return Reading(raw, valid, ())
    if fitting or nearest is None:
        return Reading(None, None, (f"the answer: it can be read in {len(fitting)} ways. {_wanted(answer)}",))
    if len(values) > 1:
        many = (
            f"the answer: there are {len(values)} JSON objects in it, and none fits; answer with exactly one, and nothing else."
        )
        return Reading(nearest[1], None, (many, *_form(nearest[1], nearest[2], answer)))
    return Reading(nearest[1], None, _form(nearest[1], nearest[2], answer))


def _form(raw: JsonValue, error: ValidationError, answer: type[BaseModel]) -> tuple[str, ...]:
    """Complaint about the form of a value."""
    if not isinstance(raw, dict):
        came = {list: "a list" if raw else "an empty list", str: "a text", bool: "true or false", type(None): "null"}
        return (f"the answer: {came.get(type(raw), 'a number')} came. {_wanted(answer)}",)
    return tuple(_of_answer(sentence) for sentence in complaints_of(error, answer))


def _of_answer(sentence: str) -> str:
    """Words about data in a file, as words about an answer."""
    return "the answer:" + sentence.removeprefix("the file:") if sentence.startswith("the file:") else sentence


def _wanted(answer: type[BaseModel]) -> str:
    """The answer that was asked for, in a sentence."""
    schema = answer.model_json_schema()
    needed = schema.get("required", [])
    fields = [f"{name}{' (needed)' if name in needed else ''}" for name in schema.get("properties", {})]
    return f"Answer with exactly one JSON object and nothing else; its fields: {', '.join(fields)}."


def _outermost_first(
    value: JsonValue, answer: type[Answer], fitting: dict[str, tuple[JsonValue, Answer]]
) -> Iterator[JsonValue]:
    """The candidates of a value, layer by layer; what is inside of one that fits is not looked at."""
    properties = answer.model_json_schema().get("properties", {})
    known, lists = frozenset(properties), frozenset(name for name in properties if properties[name].get("type") == "array")
    bare = answer.bare if issubclass(answer, AnswerModel) else {}
    layer, looked = [value], 0
    for _ in range(DEEPEST):
        inner: list[JsonValue] = []
        for node in layer:
            for candidate in (node, *_unfolded(node, known), *_placed(node, known, lists, bare)):
                before = len(fitting)
                looked += 1
                if looked > MOST:
                    return
                yield candidate
                if len(fitting) > before:
                    break
            else:
                inner += _inside(node, known)
        layer = inner


def _inside(node: JsonValue, known: frozenset[str]) -> list[JsonValue]:
    """The values that a wrapping may hold."""
    if isinstance(node, str):
        found = _json_text(node)
        return [] if found is None else [found]
    if isinstance(node, list):
        return [node[0]] if len(node) == 1 else []
    if not isinstance(node, dict):
        return []
    if len(node) == 1:
        return [value for name, value in node.items() if isinstance(value, dict | list | str) and name not in NOT_MEANT]
    holding = [name for name in node if name in PAYLOADS - known and isinstance(node[name], dict | list | str)]
    labels = {name for name in node if name in LABELS or not node[name]}
    return [node[name] for name in holding if set(node) - labels <= {name}]


def _unfolded(node: JsonValue, known: frozenset[str]) -> Iterator[JsonValue]:
    """A table without labels beside its fields, and with fields as JSON that came as texts of JSON."""
    if not isinstance(node, dict) or not known & set(node):
        return
    kept = {name: value for name, value in node.items() if name in known or name not in BESIDE}
    if kept != node:
        yield kept
    read = {name: _json_text(value) if isinstance(value, str) else None for name, value in kept.items()}
    if any(value is not None for value in read.values()):
        yield {name: value if read[name] is None else read[name] for name, value in kept.items()}
    for name, value in kept.items():
        if name in known and isinstance(value, dict):
            yield from ({**kept, name: inner} for inner in _inside(value, known))


def _placed(node: JsonValue, known: frozenset[str], lists: frozenset[str], bare: Any) -> Iterator[JsonValue]:
    """A part of the answer that came alone, or whose fields stand among those of the answer, in the field that it is for."""
    if not node or not isinstance(node, dict | list):
        return
    for field, rest in bare.items():
        if isinstance(node, list):
            yield {**rest, field: node}
            continue
        ours = {name: value for name, value in node.items() if name in known}
        others = {name: value for name, value in node.items() if name not in known}
        if not ours:
            yield {**rest, field: [node] if field in lists else node}
        elif others and ours.get(field) is None:
            yield {**rest, **ours, field: others}
        elif set(ours) == {field}:
            yield {**rest, **ours}


def _json_text(text: str) -> JsonValue:
    """The table or list that a text holds as JSON, or a text that holds one; None where it holds none."""
    if not text.lstrip().startswith(("{", "[", '"')):
        return None
    try:
        found = decoded(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list | str) else None
