"""Skills, conditions and goals in words: complete, from the types themselves, so that a new one needs no edit."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import pytest
from pydantic import Field

from lmp import registry
from lmp.planners.model.answers import condition_answer
from lmp.planners.model.words.condition_words import conditions_text
from lmp.planners.model.words.goal_words import goals_text
from lmp.planners.model.words.quoted import chosen
from lmp.planners.model.words.schema_words import attribute_notes, field_lines, kinds_lines
from lmp.planners.model.words.skill_words import shared_text, skill_lines, skill_text, skills_text
from lmp.schema.base import Model, Name
from lmp.schema.condition import CONDITIONS, TARGETS
from lmp.schema.skill import SkillParameters, SkillSpec

SKILLS = sorted(registry.known("skill"))


def spec_of(name: str) -> SkillSpec:
    return registry.load("skill", name).spec


@pytest.mark.parametrize("name", SKILLS)
def test_a_skill_tells_each_of_its_fields_and_an_example_that_is_valid(name: str) -> None:
    spec = spec_of(name)
    text = skill_text(spec)
    assert text.startswith(f'Skill "{name}": {spec.line}')
    for field in spec.parameters.model_fields:
        shared = field in SkillParameters.model_fields
        assert (f"\n  {field}: " in (shared_text() if shared else text)) == (field != "kind")
    example = json.loads(text.rsplit("\n  example: ", 1)[1])
    assert spec.parameters.model_validate(example) == spec.example


def test_all_skills_share_what_they_share_once() -> None:
    text = skills_text(spec_of(name) for name in SKILLS)
    assert text.count("\n  speed: number 0.02 to 1.5, default 0.5; largest speed of the tool [m/s]") == 1
    assert text.count('\n  path: {"kind": "bulges", ...} or {"kind": "weights", ...} or null, default null;') == 1
    assert skill_lines([spec_of("home")]) == f'"home": {spec_of("home").line}'


class Grip(Model):
    """With the fingers.

    Attributes:
        fingers: Which of them; None for all.
    """

    kind: Literal["grip"] = "grip"
    fingers: tuple[Annotated[int, Field(ge=0, le=4)], ...] | None = Field(default=None, max_length=3)


class Suck(Model):
    """With the cup."""

    kind: Literal["suck"] = "suck"
    on: Name
    beside: Name


class Wiggle(SkillParameters):
    """Moves to and fro."""

    kind: Literal["wiggle"] = "wiggle"
    how: Annotated[Grip | Suck, Field(discriminator="kind")]
    amount: float = Field(gt=0.0, lt=0.1, description="how far [m]")
    often: bool = False
    way: Literal["up", "down"]


def test_a_new_skill_is_told_with_types_ranges_units_defaults_and_nested_kinds() -> None:
    spec = SkillSpec(
        name="wiggle", line="Wiggles.", parameters=Wiggle, example=Wiggle(how=Suck(on="a", beside="b"), amount=0.05, way="up")
    )
    assert skill_text(spec).split("\n") == [
        'Skill "wiggle": Wiggles.',
        '  how: {"kind": "grip", ...} or {"kind": "suck", ...}, required',
        '    kind "grip": With the fingers.',
        "      fingers: list 0 to 3 of whole number 0 to 4 or null, default null; Which of them; null for all",
        '    kind "suck" with on, beside: With the cup.',
        "  amount: number above 0 to below 0.1, required; how far [m]",
        "  often: true or false, default false",
        '  way: "up" | "down", required',
        '  example: {"kind": "wiggle", "how": {"kind": "suck", "on": "a", "beside": "b"}, "amount": 0.05, "way": "up"}',
    ]


def test_a_type_that_contains_itself_ends() -> None:
    class Tree(Model):
        """A tree."""

        kind: Literal["tree"] = "tree"
        branches: tuple[Tree, ...] = ()

    Tree.model_rebuild(_types_namespace={"Tree": Tree})
    assert 1 <= len(field_lines(Tree)) < 20


def test_notes_of_a_docstring_are_read_over_several_lines() -> None:
    doc = """Summary.

    Attributes:
        first: One line; None at first.
        second: Two
            lines: with a colon.
    """
    assert attribute_notes(doc) == {"first": "One line; null at first", "second": "Two lines: with a colon"}
    assert attribute_notes("Summary only.") == {}


def test_every_condition_and_goal_is_told_with_its_fields() -> None:
    conditions = conditions_text(condition_answer())
    for kind in CONDITIONS.all():
        assert conditions.count(f'kind "{kind}"') == 1
    assert 'kind "between" with object, first, second: The object rests between two references: ' in conditions
    assert "tolerance: number above 0 to 0.2, default 0.02; largest horizontal distance from the place [m]" in conditions
    assert 'of: {"kind": ' in conditions and "any of the other kinds" in conditions
    for kind in TARGETS.all():
        assert f'kind "{kind}"' in goals_text()
    assert (
        kinds_lines(Annotated[Grip | Suck, Field(discriminator="kind")])[-1] == '  kind "suck" with on, beside: With the cup.'
    )


def test_chosen_leaves_out_what_is_as_it_would_be_by_itself() -> None:
    wiggle = Wiggle(how=Grip(fingers=(1, 2)), amount=0.05, way="down", speed=0.2)
    assert chosen(wiggle) == {
        "kind": "wiggle",
        "speed": 0.2,
        "how": {"kind": "grip", "fingers": [1, 2]},
        "amount": 0.05,
        "way": "down",
    }
    assert Wiggle.model_validate(chosen(wiggle)) == wiggle
