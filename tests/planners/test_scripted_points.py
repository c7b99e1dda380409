"""Places by coordinates, and gathering: what the scripted planner makes of them."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planner_scenes import SKILLS, scene

from lmp.meaning.conditions import At, MovedBy
from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.planners.scripted.tokens import POINT, read_point
from lmp.schema.plan import Refusal, Subgoal

PLANNER = ScriptedPlanner(SKILLS)
MILLIMETRES = st.integers(-1500, 1500)
WRITTEN = {"m": lambda mm: f"{mm / 1000:g}", "cm": lambda mm: f"{mm / 10:g}", "mm": str}


def places(instruction: str) -> list[tuple[float, float]]:
    """Where the subgoals put things."""
    answer = PLANNER.decompose(instruction, scene())
    assert not isinstance(answer, Refusal), answer
    return [(item.x, item.y) for subgoal in answer for item in subgoal.success if isinstance(item, At)]


@given(x=MILLIMETRES, y=MILLIMETRES, unit=st.sampled_from(["m", "cm", "mm"]), form=st.integers(0, 4))
def test_a_point_is_read_as_it_was_written(x: int, y: int, unit: str, form: int) -> None:
    first, second = WRITTEN[unit](x), WRITTEN[unit](y)
    text = (
        f"({first} {unit}, {second} {unit})",
        f"({first},{second}) {unit}",
        f"x={first} {unit}, y={second} {unit}",
        f"x {first} and y {second} {unit}",
        f"the point ({first}; {second} {unit})",
    )[form]
    assert re.fullmatch(POINT, text)
    assert read_point(text) == pytest.approx((x / 1000, y / 1000), abs=1e-9)


@pytest.mark.parametrize(
    ("instruction", "where"),
    [
        ("put the red block at (0.5, -0.1)", [(0.5, -0.1)]),
        ("move the mug to x=0.45, y=-0.2", [(0.45, -0.2)]),
        ("put the red block at (0.5,-0.1) and then the green block at (50 cm, 20 cm)", [(0.5, -0.1), (0.5, 0.2)]),
        ("put the red block at the position (45, 20) cm.", [(0.45, 0.2)]),
    ],
)
def test_things_go_to_points(instruction: str, where: list[tuple[float, float]]) -> None:
    assert places(instruction) == where


@pytest.mark.parametrize(
    ("instruction", "words"),
    [
        ("put the red block at (0.9, 0.9)", "outside the workspace x 0.25"),
        ("put the red block at (0.5, 0.1, 0.3)", "'(0.5, 0.1, 0.3)' has 3 coordinates"),
        ("put the red block and the green block at (0.5, 0.1)", '"at (0.5, 0.1)" is one place, and red_block and green_block'),
        ("pick up (0.5, 0.1)", "not an object"),
    ],
)
def test_points_that_make_no_sense_are_refused_in_words(instruction: str, words: str) -> None:
    answer = PLANNER.decompose(instruction, scene())
    assert isinstance(answer, Refusal)
    assert words in answer.message


def test_what_is_gathered_goes_where_it_is_gathered() -> None:
    answer = PLANNER.decompose("gather the red and the green block in the middle of the table", scene())
    assert isinstance(answer, tuple)
    assert [subgoal.skill for subgoal in answer] == ["pick", "place", "pick", "place"]


def test_one_thing_that_is_collected_is_told_by_where_it_is() -> None:
    answer = PLANNER.decompose("collect the mug on the right", scene())
    last = answer[-1] if isinstance(answer, tuple) else answer
    assert isinstance(last, Subgoal | Refusal)
    assert not (isinstance(last, Subgoal) and last.skill == "place")


def test_put_away_from_something_says_where_and_move_away_how_far() -> None:
    things = scene()
    block, mug = things.get("red_block"), things.get("mug")
    ((x, y),) = places("put the red block 10 cm away from the mug")
    gaps = [abs(a - b) - 0.5 * (p + q) for a, b, p, q in zip((x, y), mug.centre, block.size, mug.size, strict=False)]
    assert math.hypot(*(max(gap, 0.0) for gap in gaps)) == pytest.approx(0.1, abs=0.03)
    answer = PLANNER.decompose("move the red block 10 cm away from the mug", things)
    assert isinstance(answer, tuple)
    assert isinstance(answer[-1].success[0], MovedBy)
