"""Plans on scenes in which something is done, held, stacked or has gone wrong."""

from __future__ import annotations

import pytest
from grounding import grounded
from planner_scenes import SKILLS, block, blocks, bowl, mug, scene, tray

from lmp.errors import UnknownName
from lmp.meaning.failures import CONDITION_NOT_MET, DROPPED, MISSED_GRASP
from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.schema.episode import Attempt, History
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Box

PLANNER = ScriptedPlanner(SKILLS)


def moved(before: Scene, name: str, x: float, y: float, z: float, held: bool = False) -> Scene:
    thing = before.get(name)
    return before.replacing(thing.model_copy(update={"pose": Pose(position=(x, y, z)), "held_by": "gripper" if held else None}))


def in_bowl(before: Scene, name: str, dx: float = 0.0) -> Scene:
    centre = before.get("bowl").pose.position
    return moved(before, name, centre[0] + dx, centre[1], 0.006 + before.get(name).size[2] / 2)


def plan(text: str, now: Scene, history: History | None = None) -> tuple[Subgoal, ...]:
    answer = PLANNER.decompose(text, now, history)
    assert isinstance(answer, tuple), answer
    return answer


def brief(goals: tuple[Subgoal, ...]) -> list[tuple[str, str, int]]:
    return [(goal.skill, goal.objects[0] if goal.objects else "", goal.step) for goal in goals]


def attempts(*tried: tuple[Subgoal, Outcome]) -> tuple[Attempt, ...]:
    return tuple(Attempt(subgoal=subgoal, outcome=outcome) for subgoal, outcome in tried)


def test_a_state_that_holds_needs_nothing() -> None:
    assert plan("put the red block in the bowl", in_bowl(scene(), "red_block")) == ()


def test_only_what_remains_is_planned() -> None:
    goals = plan("put the red and the green block in the bowl", in_bowl(scene(), "red_block"))
    assert brief(goals) == [("pick", "green_block", 1), ("place", "green_block", 1)]


def test_held_at_the_start_is_not_picked_again() -> None:
    held = moved(scene(), "red_block", 0.4, 0.1, 0.3, held=True)
    goals = plan("put the red block in the bowl", held)
    assert brief(goals) == [("place", "red_block", 0)]
    assert "in the gripper already" in goals[0].reasoning
    assert brief(plan("put it down", held)) == [("place", "red_block", 0)]
    assert brief(plan("let go", held)) == [("place", "red_block", 0)]
    others = plan("put the other blocks in the bowl", held)
    assert {goal.objects[0] for goal in others if goal.lasting} == {"green_block", "blue_block", "yellow_block"}


def test_something_else_in_the_hand_is_put_down_first() -> None:
    held = moved(scene(), "red_block", 0.4, 0.1, 0.3, held=True)
    goals = plan("put the green block in the bowl", held)
    assert brief(goals) == [("place", "red_block", 0), ("pick", "green_block", 0), ("place", "green_block", 0)]
    assert goals[0].success[0].kind == "at" and not goals[0].lasting
    assert "which is needed for green_block" in goals[0].reasoning


def test_what_stands_on_it_is_cleared_first() -> None:
    stacked = moved(scene(), "red_block", 0.45, -0.12, 0.05 + 0.0225)
    goals = plan("put the blue block in the bowl", stacked)
    assert brief(goals) == [
        ("pick", "red_block", 0),
        ("place", "red_block", 0),
        ("pick", "blue_block", 0),
        ("place", "blue_block", 0),
    ]
    assert "red_block stands on blue_block" in goals[0].reasoning


def test_an_occupied_support_is_cleared_first() -> None:
    stacked = moved(scene(), "red_block", 0.45, -0.12, 0.05 + 0.0225)
    goals = plan("put the green block on the blue block", stacked)
    assert [goal.objects[0] for goal in goals] == ["red_block", "red_block", "green_block", "green_block"]


def test_a_full_bowl_is_not_lifted() -> None:
    answer = PLANNER.decompose("pick up the bowl", in_bowl(scene(), "red_block"))
    assert isinstance(answer, Refusal)
    assert answer.reason == "impossible" and "red_block" in answer.message


def test_clear_empties_and_ends_with_the_condition() -> None:
    full = in_bowl(in_bowl(scene(), "red_block", -0.03), "green_block", 0.03)
    goals = plan("empty the bowl", full)
    assert {goal.objects[0] for goal in goals} == {"red_block", "green_block"}
    assert goals[-1].success[-1].kind == "cleared"


def test_take_out_of_the_bowl_ends_on_the_table() -> None:
    goals = plan("take the red block out of the bowl", in_bowl(scene(), "red_block"))
    assert goals[-1].success[0].kind == "on"
    assert goals[-1].objects == ("red_block", "table")


def test_words_keep_their_first_meaning() -> None:
    first = scene()
    goals = plan("put the leftmost block in the bowl", first)
    later = moved(first, "green_block", 0.35, 0.40, 0.02)
    history = History(first_scene=first, attempts=attempts((goals[0], MISSED_GRASP)))
    again = plan("put the leftmost block in the bowl", later, history)
    assert brief(again) == brief(goals)
    assert again[0].objects == ("red_block",)


def test_steps_that_are_done_are_not_repeated_and_dropped_things_are_picked_again() -> None:
    first = scene()
    text = "put the red block in the bowl, then put the green block on the tray"
    goals = plan(text, first)
    now = in_bowl(first, "red_block")
    history = History(
        first_scene=first,
        attempts=attempts(
            (goals[0], Outcome.SUCCEEDED),
            (goals[1], Outcome.SUCCEEDED),
            (goals[2], Outcome.SUCCEEDED),
            (goals[3], DROPPED),
        ),
    )
    assert brief(plan(text, now, history)) == [("pick", "green_block", 1), ("place", "green_block", 1)]
    held = moved(now, "green_block", 0.35, -0.05, 0.3, held=True)
    assert brief(plan(text, held, history)) == [("place", "green_block", 1)]


def test_a_done_step_that_was_undone_is_done_again() -> None:
    first = scene()
    text = "put the red block in the bowl, then put the green block on the tray"
    goals = plan(text, first)
    history = History(first_scene=first, attempts=attempts((goals[0], Outcome.SUCCEEDED), (goals[1], Outcome.SUCCEEDED)))
    assert brief(plan(text, first, history))[:2] == [("pick", "red_block", 0), ("place", "red_block", 0)]


def test_a_displacement_is_from_where_it_stood_at_first() -> None:
    first = scene()
    goals = plan("push the red block 10 cm to the left", first)
    half_way = moved(first, "red_block", 0.40, 0.14, 0.0225)
    history = History(first_scene=first, attempts=attempts((goals[0], CONDITION_NOT_MET)))
    again = plan("push the red block 10 cm to the left", half_way, history)
    assert again[0].success == goals[0].success
    primitive = grounded(PLANNER, again[0], half_way, history).model_dump()
    assert (primitive["dx"], primitive["dy"]) == pytest.approx((0.0, 0.06))


def test_a_swap_that_was_interrupted_goes_on() -> None:
    first = scene()
    text = "swap the red and the blue block"
    goals = plan(text, first)
    assert [goal.lasting for goal in goals if goal.skill == "place"] == [False, True, True]
    aside = goals[1].success[0].model_dump()
    now = moved(first, "red_block", aside["x"], aside["y"], 0.0225)
    history = History(first_scene=first, attempts=attempts((goals[0], Outcome.SUCCEEDED), (goals[1], Outcome.SUCCEEDED)))
    assert [goal.step for goal in plan(text, now, history)] == [1, 1, 2, 2]
    swapped = moved(now, "blue_block", 0.40, 0.10, 0.025)
    history = History(
        first_scene=first, attempts=attempts(*((goal, Outcome.SUCCEEDED) for goal in goals[:4]), (goals[4], Outcome.SUCCEEDED))
    )
    held = moved(swapped, "red_block", 0.3, 0.3, 0.3, held=True)
    assert brief(plan(text, held, history)) == [("place", "red_block", 2)]


def test_home_is_done_once() -> None:
    first = scene()
    text = "put the red block in the bowl, then go home"
    goals = plan(text, first)
    history = History(first_scene=first, attempts=attempts(*((goal, Outcome.SUCCEEDED) for goal in goals)))
    assert plan(text, in_bowl(first, "red_block"), history) == ()


def test_a_vanished_object_is_absent() -> None:
    first = scene()
    text = "put the red block in the bowl"
    gone = first.model_copy(update={"objects": tuple(thing for thing in first.objects if thing.name != "red_block")})
    answer = PLANNER.decompose(text, gone, History(first_scene=first))
    assert isinstance(answer, Refusal) and answer.reason == "absent"


def test_superseded_goals_do_not_last() -> None:
    goals = plan("put the red block on the tray, then put it in the bowl", scene())
    assert [(goal.success[0].kind, goal.lasting) for goal in goals if goal.skill == "place"] == [("on", False), ("in", True)]
    goals = plan("put the red block to the left of the mug and then move the mug 5 cm to the right", scene())
    assert [goal.lasting for goal in goals if goal.skill == "place"] == [False, True]


def test_several_proposals_are_the_next_grasps() -> None:
    first = scene()
    [goal] = plan("pick up the red block", first)
    proposals = PLANNER.propose(goal, first, None, 3)
    assert [one.primitive.model_dump()["grasp"] for one in proposals] == [0, 1, 2]  # type: ignore[union-attr]
    assert [one.prior for one in proposals] == [1.0, 0.5, 0.25]  # type: ignore[union-attr]


def test_ground_refuses_unknown_skills_and_missing_objects() -> None:
    with pytest.raises(UnknownName, match="No skill named 'fly'"):
        grounded(PLANNER, Subgoal(description="", reasoning="", skill="fly"), scene())
    answer = grounded(PLANNER, Subgoal(description="", reasoning="", skill="pick", objects=("ghost",)), scene())
    assert isinstance(answer, Refusal) and answer.reason == "absent"


def test_a_users_own_words_work() -> None:
    own = scene(
        SceneObject(
            name="widget_3", category="widget", pose=Pose(position=(0.4, 0.1, 0.02)),
            shape=Box(size=(0.04, 0.04, 0.04))),
        block("stapler_1", "navy", 0.5, -0.1, category="stapler"),
        block("big crate", "black", 0.62, -0.05, category="tin box"),
        *blocks()[:1], bowl(), mug(), tray(),
    )  # fmt: skip
    for text, name in (
        ("put widget_3 in the bowl", "widget_3"),
        ("put the widget 3 in the bowl", "widget_3"),
        ("put the widget in the bowl", "widget_3"),
        ("put the stapler in the bowl", "stapler_1"),
        ("put the navy stapler in the bowl", "stapler_1"),
        ("put the tin box in the bowl", "big crate"),
        ("put the black one in the bowl", "big crate"),
    ):
        assert plan(text, own)[-1].objects[0] == name, text
