"""Groups that words pick out: by colour into containers, by size, by kind; lists; heights; things taken out again."""

from __future__ import annotations

import pytest
from grounding import grounded
from planner_scenes import SKILLS, block, bowl, scene, tray

from lmp.meaning.conditions import At, In
from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.scene import Scene

PLANNER = ScriptedPlanner(SKILLS)


def bins() -> Scene:
    red, blue = (
        bowl(name, colour, x=0.6, y=y).model_copy(update={"category": "bin"})
        for name, colour, y in (("red_bin", "red", 0.3), ("blue_bin", "blue", -0.3))
    )
    cubes = [
        block(f"{size}_{colour}_cube", colour, x, y, edge, category="cube")
        for size, edge, x in (("small", 0.03, 0.35), ("large", 0.045, 0.45))
        for colour, y in (("red", -0.1), ("blue", 0.1))
    ]
    return scene(red, blue, *cubes)


def plan(text: str, now: Scene) -> tuple[Subgoal, ...]:
    answer = PLANNER.decompose(text, now)
    assert isinstance(answer, tuple), answer
    return answer


def insides(goals: tuple[Subgoal, ...]) -> dict[str, str]:
    return {c.object: c.container for goal in goals for c in goal.success if isinstance(c, In)}


@pytest.mark.parametrize(
    "text",
    [
        "sort the cubes by colour into the bins",
        "sort the cubes by color",
        "sort everything by colour into the bins",
        "put each cube in the bin of its colour",
        "put every cube into the bin of the same colour",
        "put the cubes in the bins that match their colour",
        "put all the cubes in the matching bins",
        "put all red things in the red bin, and all blue ones in the blue bin",
        "put the red parts in the red bin and the blue parts in the blue bin",
    ],
)
def test_each_goes_to_the_container_of_its_colour(text: str) -> None:
    found = insides(plan(text, bins()))
    assert len(found) == 4
    assert all(name.split("_")[1] == container.split("_")[0] for name, container in found.items())


def test_a_colour_that_no_container_has_is_refused() -> None:
    now = bins()
    odd = now.get("small_red_cube").model_copy(update={"colour": "green"})
    answer = PLANNER.decompose("sort the cubes by colour into the bins", now.replacing(odd))
    assert isinstance(answer, Refusal) and answer.reason == "absent" and "small_red_cube" in answer.message


def test_sizes_that_come_in_groups_are_groups() -> None:
    found = insides(plan("put the small cubes in the red bin and the large ones in the blue bin", bins()))
    assert found == {name: ("red_bin" if "small" in name else "blue_bin") for name in found} and len(found) == 4


def test_the_fruit_is_all_of_it() -> None:
    now = scene(
        block("lemon", "yellow", 0.4, 0.0, category="lemon"), block("plum", "purple", 0.4, 0.2, category="plum"), bowl()
    )
    assert insides(plan("put the fruit in the bowl", now)) == {"lemon": "bowl", "plum": "bowl"}
    assert insides(
        plan("put the largest fruit in the bowl", now.replacing(block("plum", "purple", 0.4, 0.2, 0.03, category="plum")))
    ) == {"lemon": "bowl"}


def test_a_list_after_a_colon_says_which_and_in_which_order() -> None:
    goals = plan("put the blocks in a row from left to right: green, red, blue", scene())
    spots = {c.object: c.y for goal in goals for c in goal.success if isinstance(c, At)}
    assert sorted(spots, key=lambda name: -spots[name]) == ["green_block", "red_block", "blue_block"]
    assert len([goal for goal in goals if goal.skill == "place"]) == 3
    row = plan("make a row with the red, blue and yellow blocks", scene())
    assert {goal.objects[0] for goal in row} == {"red_block", "blue_block", "yellow_block"}


@pytest.mark.parametrize(("text", "lift"), [("lift the red block by 10 cm", 0.1), ("raise the mug 5 cm above the table", 0.05)])
def test_a_height_that_is_said_is_the_height_of_the_lift(text: str, lift: float) -> None:
    (goal,) = plan(text, scene())
    assert grounded(PLANNER, goal, scene()).lift == pytest.approx(lift)  # type: ignore[union-attr]
    assert f"{lift * 100:g} cm" in goal.reasoning


@pytest.mark.parametrize("it", ["it", "the red block"])
def test_what_was_put_in_is_taken_out_again(it: str) -> None:
    goals = plan(
        f"put the red block in the bowl, then take {it} out of the bowl", scene(block("red_block", "red", 0.4, 0.0), bowl())
    )
    assert [condition.kind for goal in goals if goal.skill == "place" for condition in goal.success] == ["in", "on"]
    answer = PLANNER.decompose(f"put the red block on the tray, then take {it} out of the bowl", scene())
    assert isinstance(answer, Refusal)


def test_a_thing_with_a_name_of_two_nouns_is_found_by_it() -> None:
    now = scene(block("juice_box", "orange", 0.4, 0.0, category="carton"), tray())
    assert plan("put the juice box on the tray", now)[-1].objects[0] == "juice_box"


def test_the_front_right_corner_is_one_place() -> None:
    goals = plan("put the red block in the front right corner", scene(block("red_block", "red", 0.5, 0.1)))
    (spot,) = goals[-1].success
    assert isinstance(spot, At) and spot.x < 0.45 and spot.y < -0.15


def test_what_is_taken_out_and_put_elsewhere_goes_there_at_once() -> None:
    now = scene(block("red_block", "red", 0.5, -0.28, 0.03, z=0.006), bowl(), tray())
    goals = plan("take the red block off the tray and put it in the bowl", now)
    assert [goal.skill for goal in goals] == ["pick", "place"] and insides(goals) == {"red_block": "bowl"}
