"""What the scripted planner does not understand it refuses: no word is passed over in silence."""

from __future__ import annotations

import pytest
from planner_scenes import SKILLS, scene

from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.schema.plan import Refusal

PLANNER = ScriptedPlanner(SKILLS)


@pytest.mark.parametrize(
    "instruction",
    [
        "put the red block next to the mug but not in front of it",
        "put the red block next to the mug, not to the right of it",
        "put the red block near the mug and not touching it",
        "put the red block between the mug and the bowl but not in the middle",
        "put the red block on the tray at the back",
        "put the red block on the tray on the left",
        "put the red block in the bowl from the left",
        "put all the blocks on the tray, on top of each other",
        "put all the blocks on the tray next to each other",
        "move the red block 0 cm to the left",
        "push the red block zero cm forward",
        "put the red block 0.0 m left of the mug",
    ],
)
def test_what_would_be_left_out_is_refused(instruction: str) -> None:
    answer = PLANNER.decompose(instruction, scene())
    assert isinstance(answer, Refusal), answer


@pytest.mark.parametrize(
    "instruction",
    ["put the red block in the bowl, not on the tray", "put the red block in the bowl, not the blue one", "pick up the mug"],
)
def test_another_place_or_thing_may_be_ruled_out(instruction: str) -> None:
    assert isinstance(PLANNER.decompose(instruction, scene()), tuple)


def test_things_are_taken_in_the_order_that_is_said() -> None:
    def order(words: str) -> list[str]:
        answer = PLANNER.decompose(f"put the blocks in the bowl {words}", scene())
        assert isinstance(answer, tuple), answer
        return [subgoal.objects[0] for subgoal in answer if subgoal.skill == "place"]

    sizes = {thing.name: max(thing.size) for thing in scene().objects}
    left = {thing.name: float(thing.centre[1]) for thing in scene().objects}
    assert order("smallest first") == sorted(order("smallest first"), key=lambda name: sizes[name])
    assert order("biggest first") == sorted(order("biggest first"), key=lambda name: -sizes[name])
    assert order("from left to right") == sorted(order("from left to right"), key=lambda name: -left[name])
    assert order("from right to left") == order("from left to right")[::-1]
