"""Answers in the wrappings that models are known for: taken where exactly one reading fits, refused where two do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from asked_for import CUP, Pick
from hypothesis import given
from hypothesis import strategies as st

from lmp import registry
from lmp.planners.model.answers import NOT_SAID, correct_answer, decompose_answer, ground_answer
from lmp.planners.model.json_answer import decoded
from lmp.planners.model.reading import read_answer

SPECS = {name: registry.load("skill", name).spec for name in registry.known("skill")}
GROUND, CORRECT, PLAN = ground_answer(SPECS["pick"]), correct_answer(SPECS["pick"]), decompose_answer(SPECS)
PICK = {"kind": "pick", "object": "cup"}
SUBGOAL = {
    "reasoning": "r",
    "description": "d",
    "skill": "pick",
    "objects": ["cup"],
    "success": [{"kind": "held", "object": "cup"}],
    "step": 0,
    "lasting": True,
}
GROUNDED = {"reasoning": "free", "primitive": PICK, "refusal": None}
PLANNED = {"understanding": "take it", "subgoals": [SUBGOAL], "refusal": None}
REFUSED = {"reason": "absent", "message": "It is gone."}

WRAPPINGS: dict[str, Callable[[Any], Any]] = {
    "as it is": lambda answer: answer,
    "list of one": lambda answer: [answer],
    "answer": lambda answer: {"answer": answer},
    "parameters": lambda answer: {"parameters": answer},
    "tool call": lambda answer: {"name": "Answer", "arguments": answer},
    "tool call with a text": lambda answer: {"name": "Answer", "arguments": json.dumps(answer)},
    "openai call": lambda answer: {"id": "1", "type": "function", "function": {"name": "A", "arguments": json.dumps(answer)}},
    "calls": lambda answer: {"tool_calls": [{"id": "1", "type": "function", "function": {"name": "A", "arguments": answer}}]},
    "action": lambda answer: {"tool": "Answer", "tool_input": answer},
    "type json": lambda answer: {"type": "json", "content": answer},
    "type beside": lambda answer: {"type": "json", **answer},
    "schema echoed": lambda answer: {"type": "object", "properties": answer},
    "by its class": lambda answer: {"SomeAnswer": answer},
    "message": lambda answer: {"role": "assistant", "content": json.dumps(answer)},
    "text": lambda answer: json.dumps(answer),
    "thought beside": lambda answer: {"thoughts": "hm", "answer": answer},
    "nothing beside": lambda answer: {"answer": answer, "error": None},
    "twice": lambda answer: {"response": {"result": [answer]}},
}
FRAMES = {
    "bare": "{}",
    "fence": "```json\n{}\n```",
    "fence with words": "Here you are:\n\n```\n{}\n```\nGood luck!",
    "words": "The answer is {} as you see.",
    "thoughts": "<think>Perhaps {{not}} this.</think>\n{}",
    "thoughts without a beginning": "hm, {{}} or so</think>{}",
    "tool tag": "<tool_call>\n{}\n</tool_call>",
    "mistral": "[TOOL_CALLS]{}",
    "channel": "<|channel|>final<|message|>{}",
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize("frame", FRAMES)
def test_a_wrapped_answer_is_the_answer(wrapping: str, frame: str) -> None:
    for whole, answer in ((GROUNDED, GROUND), (PLANNED, PLAN), (CUP, Pick)):
        text = json.dumps(WRAPPINGS[wrapping](whole))
        if wrapping == "text" and frame != "bare":
            continue  # a JSON string among words is words
        if wrapping == "type beside" and answer is Pick:
            text = json.dumps({"$schema": "x", **whole})
        read = read_answer(FRAMES[frame].format(text), answer)
        assert read.complaints == ()
        assert read.valid == answer.model_validate(whole)


@pytest.mark.parametrize(
    ("came", "answer", "field"),
    [
        (PICK, GROUND, "primitive"),
        ({"primitive": PICK}, GROUND, "primitive"),
        ({"reasoning": "free", **PICK}, GROUND, "primitive"),
        ({"reasoning": "free", "primitive": json.dumps(PICK)}, GROUND, "primitive"),
        ({"reasoning": "free", "primitive": {"parameters": PICK}}, GROUND, "primitive"),
        ([PICK], GROUND, "primitive"),
        ({"name": "pick", "parameters": PICK}, GROUND, "primitive"),
        (REFUSED, GROUND, "refusal"),
        (PICK, CORRECT, "primitive"),
        ([SUBGOAL], PLAN, "subgoals"),
        ([SUBGOAL, SUBGOAL], PLAN, "subgoals"),
        (SUBGOAL, PLAN, "subgoals"),
        ({"plan": [SUBGOAL]}, PLAN, "subgoals"),
        ({"understanding": "u", "subgoals": json.dumps([SUBGOAL])}, PLAN, "subgoals"),
        ({"refusal": REFUSED}, PLAN, "refusal"),
        (REFUSED, PLAN, "refusal"),
    ],
)
def test_a_part_that_came_alone_is_put_into_its_field(came: Any, answer: type[Any], field: str) -> None:
    read = read_answer(json.dumps(came), answer)
    assert read.complaints == ()
    assert read.raw[field]  # type: ignore[index,call-overload]
    others = set(read.raw) - {field}  # type: ignore[arg-type]
    made_up = {name: read.raw[name] for name in others if name not in came}  # type: ignore[index,call-overload]
    assert set(map(str, made_up.values())) <= {NOT_SAID, "[]"} or answer is CORRECT


def test_two_readings_are_none() -> None:
    other = {**CUP, "name": "mug"}
    for text in (
        f"{json.dumps(CUP)} or {json.dumps(other)}",
        json.dumps({"answer": CUP, "response": other}),
        f"```\n{json.dumps(CUP)}\n```\n```\n{json.dumps(other)}\n```",
        json.dumps([CUP, other]),
    ):
        read = read_answer(text, Pick)
        assert read.valid is None
        assert read.complaints
    assert "read in 2 ways" in read_answer(f"{json.dumps(CUP)} or {json.dumps(other)}", Pick).complaints[0]


def test_the_same_twice_is_one_reading() -> None:
    assert read_answer(f"{json.dumps(CUP)}\n{json.dumps(CUP)}", Pick).valid == Pick(**CUP)


def test_of_several_objects_the_one_that_fits_counts() -> None:
    assert read_answer(f'I saw {{"objects": 3}}. {json.dumps(CUP)}', Pick).valid == Pick(**CUP)


@pytest.mark.parametrize("name", ["rejected", "example", "draft", "error", "not"])
def test_what_a_model_says_it_does_not_mean_is_not_taken(name: str) -> None:
    assert read_answer(json.dumps({name: CUP}), Pick).valid is None
    assert read_answer(json.dumps({"answer": CUP, name: {**CUP, "name": "mug"}}), Pick).valid is None


def test_nothing_that_is_acted_on_is_made_up() -> None:
    assert read_answer(json.dumps([{"kind": "held", "object": "cup"}]), PLAN).valid is None, "no `already` out of conditions"
    assert read_answer("[]", PLAN).valid is None
    assert read_answer("{}", GROUND).valid is None
    assert read_answer(json.dumps({"understanding": "all is done"}), PLAN).valid is None


tables = st.dictionaries(
    st.text(max_size=6),
    st.none() | st.integers(-9, 9) | st.text(max_size=6) | st.lists(st.integers(-9, 9), max_size=3),
    max_size=3,
)


@given(
    name=st.text(st.characters(codec="utf-8"), min_size=1, max_size=20),
    height=st.floats(0.0, 0.5),
    layers=st.lists(st.sampled_from(sorted(set(WRAPPINGS) - {"type beside"})), max_size=2),
)
def test_any_answer_survives_any_two_wrappings(name: str, height: float, layers: list[str]) -> None:
    whole = {"name": name, "height": height, "parts": []}
    came: Any = whole
    for layer in layers:
        came = WRAPPINGS[layer](came)
    try:
        wanted = Pick.model_validate(whole)
    except ValueError:
        return
    assert read_answer(json.dumps(came), Pick).valid == wanted


@given(table=tables, wrapping=st.sampled_from(sorted(set(WRAPPINGS) - {"type beside"})))
def test_no_wrapping_makes_an_answer_of_what_is_none(table: dict[str, Any], wrapping: str) -> None:
    read = read_answer(json.dumps(WRAPPINGS[wrapping](table)), Pick)
    assert read.valid is None
    assert read.complaints


@given(answer=st.recursive(
    st.integers(-9, 9) | st.text('abc,]}"\\', max_size=5) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('ab,]}"', max_size=3), inner, max_size=3),
), data=st.data())  # fmt: skip
def test_commas_before_closing_brackets_are_passed_over_and_those_in_texts_are_kept(answer: Any, data: st.DataObject) -> None:
    text = json.dumps({"answer": answer})
    encoder = json.JSONEncoder(indent=data.draw(st.sampled_from([None, 1])))
    pieces, inside, escaped = [], False, False
    for sign, before in zip(text, " " + text, strict=False):
        if not inside and sign in "}]" and before not in "{[" and data.draw(st.booleans()):
            pieces.append(", ")
        if sign == '"' and not escaped:
            inside = not inside
        escaped = inside and sign == "\\" and not escaped
        pieces.append(sign)
    assert decoded("".join(pieces)) == {"answer": answer}
    assert decoded(encoder.encode({"answer": answer})) == {"answer": answer}


@pytest.mark.parametrize("text", ['{"a": 1,,}', '{"a": [,]}', '{,"a": 1}', '{"a": 1},', '{"a": ,}', "[1,"])
def test_other_commas_are_no_json(text: str) -> None:
    with pytest.raises(ValueError, match=r"Expecting|Extra|Illegal"):
        decoded(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "[]",
            "the answer: an empty list came. Answer with exactly one JSON object and nothing else; its fields: name (needed), ",
        ),
        ("7", "the answer: a number came."),
        ("null", "the answer: null came."),
        ('"cup"', "the answer: a text came."),
        ("```\nI would take the cup.\n```", "the answer: there is no JSON in it, only words, '``` I would take the cup. ```'."),
        ("", "the answer: it is empty."),
        ('{"name": "cup"', "the answer: it is not one JSON object: "),
        ('{"answer": {"name": "cup", "height": 12}}', "height: Input should be less than or equal to 0.5, got 12."),
    ],
)
def test_complaints_say_what_came_and_what_is_wanted(text: str, words: str) -> None:
    [complaint] = read_answer(text, Pick).complaints
    assert complaint.startswith(words)
    assert "height" in complaint
