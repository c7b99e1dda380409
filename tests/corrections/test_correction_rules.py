"""The rules of corrections: which field, which way, never out of range, always a valid primitive."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lmp.corrections.change import changes
from lmp.corrections.corrected import Corrected, correct, edit
from lmp.corrections.rules import Circumstances
from lmp.meaning.conditions import AtTarget, BesideTarget, InTarget, OnTarget
from lmp.primitives.skills.home import HomeParameters
from lmp.primitives.skills.pick import PickParameters
from lmp.primitives.skills.place import PlaceParameters
from lmp.primitives.skills.push import PushParameters
from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world
from lmp.schema.motion import Bulge, Bulges
from lmp.schema.plan import Refusal
from lmp.schema.skill import SkillParameters

with open_world("kinematic:tabletop") as _world:
    SCENE = Agent(_world).perceive()
AROUND = Circumstances(SCENE, tried=True, usual={"force": 30.0, "force_limit": 30.0})

COMMON = {
    "speed": st.floats(0.02, 1.5),
    "duration": st.none() | st.floats(0.2, 30.0),
    "force_limit": st.none() | st.floats(1.0, 500.0),
    "path": st.none()
    | st.builds(
        Bulges,
        bulges=st.lists(
            st.builds(
                Bulge,
                direction=st.sampled_from(["up", "down", "left", "right", "forward", "backward"]),
                phase=st.sampled_from([0.25, 0.5, 0.75]),
                amount=st.floats(0.001, 0.5),
            ),
            min_size=1,
            max_size=4,
        ).map(tuple),
    ),
}
TARGETS = st.one_of(
    st.just(OnTarget(support="table")),
    st.just(InTarget(container="bowl")),
    st.builds(
        BesideTarget,
        reference=st.just("mug"),
        side=st.sampled_from(["left", "right", "front", "behind", "any"]),
        gap=st.floats(0.001, 0.2),
    ),
    st.builds(AtTarget, x=st.floats(-2.0, 2.0), y=st.floats(-2.0, 2.0)),
)
ANGLES = st.floats(0.0, 6.28)


def pushed(length: float, angle: float, **common: object) -> PushParameters:

    fields = {"object": "mug", "dx": length * math.cos(angle), "dy": length * math.sin(angle), **common}
    return PushParameters.model_validate(fields)


PRIMITIVES: st.SearchStrategy[SkillParameters] = st.one_of(
    st.builds(
        PickParameters,
        object=st.just("red_block"),
        lift=st.floats(0.02, 0.4),
        grasp=st.integers(0, 99),
        force=st.none() | st.floats(1.0, 200.0),
        **COMMON,
    ),
    st.builds(PlaceParameters, object=st.just("red_block"), target=TARGETS, release_height=st.floats(0.001, 0.05), **COMMON),
    st.builds(pushed, st.floats(0.011, 0.399), ANGLES, **COMMON),
    st.builds(HomeParameters, **COMMON),
)
DEGREES = st.sampled_from(["", "a bit ", "much ", "3 cm ", "20 % ", "400 m ", "0.001 mm ", "900 % "])
CORE = st.sampled_from(
    [
        "higher",
        "lower",
        "slower",
        "faster",
        "gentler",
        "firmer",
        "looser",
        "more to the left",
        "more to the right",
        "farther",
        "closer",
        "more forward",
        "to the front",
        "from the left",
        "from the side",
        "from above",
        "less from the left",
        "in a higher arc",
        "flatter",
        "straight",
        "another grasp",
    ]
)
WORDS = st.builds(lambda degree, core: degree + core, DEGREES, CORE)


@given(PRIMITIVES, st.lists(WORDS, min_size=1, max_size=4))
def test_a_corrected_primitive_is_valid_and_the_changes_name_what_differs(primitive: SkillParameters, sentences: list[str]):
    last = ()
    for words in sentences:
        answer = correct(words, primitive, AROUND, last)
        if isinstance(answer, Refusal):
            assert answer.message and answer.hint
            continue
        again = type(primitive).model_validate_json(answer.primitive.model_dump_json())
        assert again == answer.primitive != primitive
        assert answer.changes == changes(primitive, answer.primitive) != ()
        primitive, last = answer.primitive, answer.adjustments


@given(PRIMITIVES, st.sampled_from(["", "a bit ", "much ", "2 cm "]))
def test_higher_never_lowers_and_lower_never_raises(primitive: SkillParameters, degree: str):
    up, down = (height(correct(degree + word, primitive, AROUND), primitive) for word in ("higher", "lower"))
    assert down <= height(primitive, primitive) <= up


def height(answer: Corrected | Refusal | SkillParameters, before: SkillParameters) -> float:
    primitive = before if isinstance(answer, Refusal) else answer.primitive if isinstance(answer, Corrected) else answer
    for name in ("lift", "release_height"):
        if hasattr(primitive, name):
            return float(getattr(primitive, name))
    bulges = primitive.path.bulges if isinstance(primitive.path, Bulges) else ()
    return sum(bulge.amount for bulge in bulges if bulge.direction == "up" and bulge.phase == 0.5)


@given(PRIMITIVES)
def test_slower_and_faster_are_opposite_within_the_range(primitive: SkillParameters):
    slower, faster = (correct(word, primitive, AROUND) for word in ("slower", "faster"))
    low = primitive.speed if isinstance(slower, Refusal) else slower.primitive.speed
    high = primitive.speed if isinstance(faster, Refusal) else faster.primitive.speed
    assert 0.02 <= low <= primitive.speed <= high <= 1.5
    assert low < high


@given(st.floats(-1.9, 1.9))
def test_left_is_plus_y_and_right_minus_y(y: float):
    place = PlaceParameters(object="red_block", target=AtTarget(x=0.5, y=y))
    left, right = (correct(f"2 cm to the {side}", place, AROUND) for side in ("left", "right"))
    assert isinstance(left, Corrected) and isinstance(right, Corrected)
    assert left.primitive.target.y == pytest.approx(y + 0.02)
    assert right.primitive.target.y == pytest.approx(y - 0.02)


def told(words: str, primitive: SkillParameters, around: Circumstances = AROUND) -> list[str]:
    answer = correct(words, primitive, around)
    return [str(change) for change in answer.changes] if isinstance(answer, Corrected) else [answer.message]


def test_what_was_changed_is_said_with_its_unit():
    pick = PickParameters(object="red_block")
    assert told("a bit higher", pick) == ["lift 0.12 -> 0.17 m"]
    assert told("20 % slower", pick) == ["speed 0.5 -> 0.4 m/s"]
    assert told("10 % firmer", pick) == ["force unset -> 33 N"]
    assert told("from the side", pick) == ["path straight -> 0.1 m left at phase 0.75"]
    assert told("another grasp", pick) == ["grasp 0 -> 1"]
    assert told("a bit further", PushParameters(object="mug", dx=0.0, dy=-0.1)) == ["dy -0.1 -> -0.125 m"]
    beside = PlaceParameters(object="red_block", target=BesideTarget(reference="mug", side="left"))
    assert told("2 cm to the left", beside) == ["target.gap 0.03 -> 0.05 m"]


def test_what_does_not_fit_the_skill_is_said_with_what_does():
    answer = correct("more to the left", PickParameters(object="red_block"), AROUND)
    assert isinstance(answer, Refusal)
    assert answer.message == "Its place stays: pick goes to an object, not to a place that could be shifted."
    assert answer.hint.startswith("For pick: slower, faster, gentler; higher, lower;")
    on = PlaceParameters(object="red_block", target=OnTarget(support="table"))
    assert told("more to the left", on, Circumstances(SCENE)) == [
        "Its place stays: nobody knows yet where it will stand; say it after the motion."
    ]
    assert told("higher", PickParameters(object="mug", lift=0.4)) == ["Its height stays: it is at its limit already."]


def test_a_bit_less_goes_half_of_the_way_back_and_never_turns_round():
    pick = PickParameters(object="red_block")
    lifts, last = [], ()
    for words in ("a bit higher", "a bit less", "a bit less", "a bit more"):
        answer = correct(words, pick, AROUND, last)
        assert isinstance(answer, Corrected)
        pick, last = answer.primitive, answer.adjustments
        lifts.append(pick.lift)
    assert lifts == pytest.approx([0.17, 0.145, 0.1325, 0.13875])


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("lift", "0.2", "lift 0.12 -> 0.2 m"), ("lift", "20 cm", "lift 0.12 -> 0.2 m"), ("force", "12 N", "force unset -> 12 N")],
)
def test_a_field_is_edited_in_its_unit(field: str, value: str, said: str):
    answer = edit(PickParameters(object="red_block"), field, value)
    assert isinstance(answer, Corrected)
    assert [str(change) for change in answer.changes] == [said]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("lift", "2", "lift may be 0.02 to 0.4 m."),
        ("lift", "5 s", "lift may be 0.02 to 0.4 m."),
        ("lift", "abc", "lift may be 0.02 to 0.4 m."),
        ("lft", "0.2", "Did you mean 'lift'?"),
        ("kind", "place", "pick has no field 'kind'."),
        ("speed", "nan", "speed may be 0.02 to 1.5 m/s."),
        ("path.bulges.0.amount", "0.1", "pick has no field 'path'."),
        ("object", "a\x1b[2J", "only printable"),
    ],
)
def test_an_edit_that_does_not_fit_is_refused_with_what_is_allowed(field: str, value: str, said: str):
    answer = edit(PickParameters(object="red_block"), field, value)
    assert isinstance(answer, Refusal)
    assert said in f"{answer.message} {answer.hint}"


@given(PRIMITIVES, st.text(max_size=40), st.text(max_size=60))
def test_any_edit_is_valid_or_refused(primitive: SkillParameters, field: str, value: str):
    answer = edit(primitive, field, value)
    if isinstance(answer, Corrected):
        try:
            type(primitive).model_validate_json(answer.primitive.model_dump_json())
        except ValidationError as error:
            pytest.fail(str(error))


@pytest.mark.parametrize("words", ["more to the left", "10 cm farther"])
def test_a_push_from_pixel_to_pixel_says_what_to_edit(words: str) -> None:
    ends = {"camera": "top", "source": {"column": 10, "row": 10}, "destination": {"column": 60, "row": 10}}
    pushed = PushParameters.model_validate({"object": "red_block", "along": ends})
    answer = correct(words, pushed, AROUND)
    assert isinstance(answer, Refusal)
    assert "edit dx and dy" in answer.message
