"""The linter: every class of complaint, and nothing where a prompt is good."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import pytest
from prompt_texts import BODY, header, written
from pydantic import Field

from lmp.prompts.examples import answer_complaints, examples_in, prose_of
from lmp.prompts.golden import golden_complaints
from lmp.prompts.lint import lint, tokens
from lmp.prompts.numbers import numeric_fields
from lmp.prompts.prompt_file import PromptFile, read_prompt
from lmp.schema.base import Model


class Bend(Model):
    kind: Literal["bend"] = "bend"
    phase: Annotated[float, Field(ge=0.15, le=0.8, description="where [dimensionless]")] = 0.5
    amount: Annotated[float, Field(ge=0.0, le=0.5)] = Field(description="how far [m]")
    release_height: Annotated[float, Field(ge=0.001, le=0.05)] | None = Field(default=None, description="free height [m]")


class Turn(Model):
    kind: Literal["turn"] = "turn"
    angle: Annotated[float, Field(ge=-3.2, le=3.2, description="how far [rad]")]


class Answer(Model):
    reason: str
    shape: Annotated[Bend | Turn, Field(discriminator="kind")]
    confidence: Annotated[float, Field(ge=0.0, le=1.0, description="how sure [dimensionless]")] = 0.5
    lift: Annotated[float, Field(ge=0.0, le=1.0, description="how far up [m]")] = 0.5


class OtherAnswer(Model):
    reason: str
    count: int = Field(default=1, ge=1, le=3, description="how many [count]")


ANSWERS = {"verify": (Answer,), "ground": (Answer, OtherAnswer)}


def prompt_of(folder: Path, words: str = "", **changed: str) -> PromptFile:
    return read_prompt(written(folder, header(**changed) + BODY + words))


def test_a_good_prompt_has_no_complaints(tmp_path: Path):
    words = (
        "Give `phase` from 0.15 to 0.8, amount 0.1 m, `angle` in radians, release height and lift 3 things.\n"
        '```json\n{"reason": "a", "shape": {"kind": "bend", "amount": 0.1}}\n```\n'
        '```json partial\n{"shape": {"kind": "bend", "phase": 0.3}}\n```\n'
        '```text\nphase 0.95, {"no": "json"}\n```\n'
    )
    assert lint(prompt_of(tmp_path, words), ANSWERS) == ()


@pytest.mark.parametrize(
    ("words", "changed", "complaints"),
    [
        ("", {"question": '"verfy"'}, ["header.question: there is no question 'verfy'. Did you mean 'verify'?"]),
        (
            "",
            {"variables": '["subgoal", "conditions", "objects", "pictures", "picture"]'},
            ["'verify' has no variable 'picture'. Did you mean 'pictures'?", "picture: it is among the header's variables"],
        ),
        (
            "",
            {"question": '"ground"', "variables": '["subgoal", "conditions", "objects", "pictures"]'},
            ["'ground' has no variable 'conditions'", "'instruction' is missing", "'goals' is missing"],
        ),
        ("```json\n{\n```\n", {}, ["line 13, example: It is not JSON"]),
        ('```json\n{"reason": "a", "reason": "b"}\n```\n', {}, ["the key 'reason' stands twice"]),
        ('```json\n{"reason": "a"}\n```\n', {}, ["example: shape: this is needed"]),
        (
            '```json\n{"shape": {"kind": "bent"}, "x": 1}\n```\n',
            {},
            ["Did you mean 'bend'?", "x: there is no such field", "reason"],
        ),
        ('```json partial\n{"shape": {"kind": "bend", "phase": 0.9}}\n```\n', {}, ["shape.bend.phase", "0.8"]),
        ("Put it at phase 0.9 or so.", {}, ["line 13: phase 0.9 is outside its range, which is 0.15 to 0.8."]),
        ("`phase` from 0.1 to 0.5", {}, ["phase 0.1 is outside"]),
        ("`phase` from 0.2 to 0.85", {}, ["phase 0.85 is outside"]),
        ("`lift`: 2", {}, ["lift 2 is outside its range"]),
        ("`confidence` = -0.1", {}, ["confidence -0.1 is outside"]),
        ("an amount of 5 cm", {}, ["amount is spoken of in cm; its unit is m."]),
        ("`release_height` in millimetres", {}, ["release_height is spoken of in millimetres; its unit is m."]),
        ("`angle` is in degrees", {}, ["angle is spoken of in degrees; its unit is rad."]),
        ("angle [deg]", {}, ["angle is spoken of in deg"]),
        ("at phase 50 %", {}, ["phase is spoken of in %; its unit is dimensionless."]),
        ("word " * 4000, {}, ["tokens (characters / 4); at most 4000 are allowed."]),
    ],
)
def test_each_class_of_complaint(tmp_path: Path, words: str, changed: dict[str, str], complaints: list[str]):
    found = lint(prompt_of(tmp_path, words, **changed), ANSWERS)
    for complaint in complaints:
        assert any(complaint in sentence for sentence in found), found


def test_words_that_are_not_used_are_complained_of(tmp_path: Path):
    path = written(tmp_path, header() + BODY.replace("{{ objects }}", ""))
    assert lint(read_prompt(path), ANSWERS) == (
        "objects: it is among the header's variables and the words do not use it, so the model is not told of it.",
    )


def test_tokens_are_a_quarter_of_the_characters(tmp_path: Path):
    short, long = prompt_of(tmp_path, "x"), prompt_of(tmp_path, "x" * 401)
    assert tokens(long) - tokens(short) == 100


def test_an_answer_has_to_fit_one_class_and_is_judged_by_the_nearest():
    assert answer_complaints({"reason": "a", "count": 2}, (Answer, OtherAnswer)) == []
    [complaint] = answer_complaints({"reason": "a", "count": 9}, (Answer, OtherAnswer))
    assert complaint.startswith("count: ")
    assert answer_complaints({"reason": "a", "count": "2"}, ()) == []
    assert answer_complaints({"count": float("nan")}, (OtherAnswer,))


def test_blocks_and_prose_keep_their_lines():
    text = "one\n```json partial\n{}\n```\nfive\n"
    assert [(found.line, found.form, found.partial, found.text) for found in examples_in(text)] == [(2, "json", True, "{}\n")]
    assert prose_of(text).split("\n")[4] == "five"


def test_ranges_and_units_come_from_the_schema():
    found = numeric_fields((Answer, OtherAnswer))
    assert {name: [(r.low, r.high, set(r.units)) for r in ranges] for name, ranges in found.items()} == {
        "phase": [(0.15, 0.8, {"dimensionless"})],
        "amount": [(0.0, 0.5, {"m"})],
        "release_height": [(0.001, 0.05, {"m"})],
        "angle": [(-3.2, 3.2, {"rad"})],
        "confidence": [(0.0, 1.0, {"dimensionless"})],
        "lift": [(0.0, 1.0, {"m"})],
        "count": [(1, 3, {"count"})],
    }


@pytest.mark.parametrize(
    ("golden", "complaint"),
    [
        ({"answer": {"reason": "a", "count": 2}, "valid": True}, None),
        ({"answer": {"reason": "a", "count": 9}, "valid": False, "complaint": "count"}, None),
        ({"answer": {"reason": "a", "count": 9}, "valid": True}, "it should be valid: count"),
        ({"answer": {"reason": "a"}, "valid": False}, "it should not be valid, and it is."),
        ({"answer": {}, "valid": False, "complaint": "count"}, "'count' should be complained of; complained of is: reason"),
        ({"answer": {"reason": "a"}, "valid": True, "variables": {"objects": "x"}}, "Missing: subgoal."),
        (
            {
                "answer": {"reason": "a"},
                "valid": True,
                "variables": dict.fromkeys(("subgoal", "conditions", "objects", "pictures"), "{{"),
            },
            None,
        ),
        ({"answer": {"reason": "a"}, "vaild": True}, "vaild: there is no such field. Did you mean 'valid'?"),
    ],
)
def test_golden_answers(tmp_path: Path, golden: dict, complaint: str | None):
    path = tmp_path / "one.json"
    path.write_text(json.dumps(golden))
    found = list(golden_complaints(prompt_of(tmp_path), [path], (OtherAnswer,)))
    assert found == [] if complaint is None else complaint in " ".join(found)
