"""Parameters of any skill survive the record, also where the skill is not installed."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from lmp.meaning.conditions import InTarget
from lmp.meaning.failures import DROPPED
from lmp.schema.condition import KnownTarget
from lmp.schema.episode import Attempt
from lmp.schema.motion import Bulge, Bulges
from lmp.schema.plan import Subgoal
from lmp.schema.skill import RecordedParameters, SkillParameters


class Sprinkle(SkillParameters):
    """A skill that no catalogue knows; one field has the name that the record itself uses."""

    kind: Literal["sprinkle"] = "sprinkle"
    own: str
    target: KnownTarget
    counts: dict[str, int] = Field(default_factory=dict)


@st.composite
def sprinkles(draw: st.DrawFn) -> Sprinkle:
    path = Bulges(bulges=(Bulge(direction="up", amount=draw(st.floats(0.01, 0.5))),)) if draw(st.booleans()) else None
    return Sprinkle(
        own=draw(st.text()),
        target=InTarget(container="bowl"),
        counts=draw(st.dictionaries(st.text(), st.integers(0, 9))),
        speed=draw(st.floats(0.02, 1.5)),
        duration=draw(st.none() | st.floats(0.2, 30.0)),
        path=path,
    )


@given(sprinkles())
def test_the_round_trip_keeps_every_word(primitive: Sprinkle) -> None:
    attempt = Attempt(subgoal=Subgoal(description="", reasoning="", skill="sprinkle"), primitive=primitive, outcome=DROPPED)
    text = attempt.model_dump_json()
    again = Attempt.model_validate_json(text)
    assert again.model_dump_json() == text
    assert again == attempt
    assert isinstance(again.primitive, RecordedParameters)
    assert again.primitive.speed == primitive.speed
    assert again.primitive.own["own"] == primitive.own
    assert Attempt.model_validate(attempt.model_dump()) == attempt


def test_the_object_itself_is_kept_while_the_run_lasts() -> None:
    primitive = Sprinkle(own="x", target=InTarget(container="bowl"))
    subgoal = Subgoal(description="", reasoning="", skill="sprinkle")
    assert Attempt(subgoal=subgoal, primitive=primitive, outcome=DROPPED).primitive is primitive


def test_what_every_skill_shares_is_still_checked() -> None:
    with pytest.raises(ValidationError, match="speed"):
        RecordedParameters.model_validate({"kind": "sprinkle", "speed": 99.0})
