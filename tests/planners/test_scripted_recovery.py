"""Plans in the middle of things: what fell, lies, vanished or came into the way, and verdicts that come back."""

from __future__ import annotations

import math

import pytest
from grounding import grounded
from hypothesis import given, settings
from hypothesis import strategies as st
from planner_scenes import SKILLS, block, scene

from lmp.meaning.conditions import At, MovedBy
from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.schema.episode import Attempt, Compiled, History
from lmp.schema.outcome import Outcome
from lmp.schema.plan import INFEASIBLE, Refusal, Subgoal
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.verdict import Violation

PLANNER = ScriptedPlanner(SKILLS)
FIRST = scene()
BOX = block("box", "grey", 0.3, 0.3, 0.06, category="box")


def moved(before: Scene, name: str, x: float, y: float, z: float, tilt: float = 0.0, held: bool = False) -> Scene:
    pose = Pose(position=(x, y, z), quat_xyzw=(math.sin(tilt / 2), 0.0, 0.0, math.cos(tilt / 2)))
    return before.replacing(before.get(name).model_copy(update={"pose": pose, "held_by": "gripper" if held else None}))


def with_box(before: Scene, x: float, y: float, z: float = 0.03, box: SceneObject = BOX) -> Scene:
    placed = box.model_copy(update={"pose": Pose(position=(x, y, z))})
    return before.model_copy(update={"objects": (*before.objects, placed)})


def in_vain(subgoal: Subgoal, code: str, blamed: str, message: str = "It cannot be.") -> Attempt:
    violation = Violation(code=code, message=message, object=blamed or None)
    compiled = Compiled(feasible=False, violations=(violation,))
    return Attempt(subgoal=subgoal, compiled=compiled, outcome=INFEASIBLE, message=message)


def answer(text: str, now: Scene, *attempts: Attempt, first: Scene = FIRST) -> tuple[Subgoal, ...] | Refusal:
    return PLANNER.decompose(text, now, History(first_scene=first, attempts=attempts))


def plan(text: str, now: Scene, *attempts: Attempt, first: Scene = FIRST) -> tuple[Subgoal, ...]:
    goals = answer(text, now, *attempts, first=first)
    assert isinstance(goals, tuple), goals
    return goals


def brief(goals: tuple[Subgoal, ...]) -> list[tuple[str, str]]:
    return [(goal.skill, goal.objects[0]) for goal in goals]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (
            moved(FIRST, "red_block", 1.1, 0.2, -0.6),
            "red_block has fallen off what carried it at (1.10, 0.20, -0.60) m, out of reach.",
        ),
        (moved(FIRST, "red_block", 0.85, 0.2, 0.0225), "red_block is on table at (0.85, 0.20, 0.02) m, out of reach."),
        (moved(FIRST, "bowl", 1.1, 0.2, -0.6), "bowl has fallen off what carried it"),
        (moved(FIRST, "bowl", 0.55, 0.25, 0.03, math.pi), "bowl lies on its side"),
    ],
)
def test_what_cannot_be_done_any_more_is_said_with_where_the_thing_is(now: Scene, words: str) -> None:
    refusal = answer("put the red block in the bowl", now)
    assert isinstance(refusal, Refusal) and refusal.reason == "impossible"
    assert words in refusal.message and refusal.hint
    subgoal = plan("put the red block in the bowl", FIRST)[-1]
    refused = grounded(PLANNER, subgoal, now)
    assert isinstance(refused, Refusal) and words in refused.message


def test_one_part_that_cannot_be_done_stops_the_whole_before_anything_moves() -> None:
    now = moved(FIRST, "green_block", 1.1, 0.2, -0.6)
    refusal = answer("put the red block in the bowl and the green block on the tray", now)
    assert isinstance(refusal, Refusal) and "green_block" in refusal.message


def test_what_is_done_may_not_get_lost_either() -> None:
    text = "put the red block in the bowl, then put the green block on the tray"
    done = [Attempt(subgoal=goal, outcome=Outcome.SUCCEEDED) for goal in plan(text, FIRST)[:2]]
    refusal = answer(text, moved(FIRST, "red_block", 1.1, 0.2, -0.6), *done)
    assert isinstance(refusal, Refusal) and "red_block has fallen" in refusal.message


def test_a_held_thing_is_where_the_hand_is_not_out_of_reach() -> None:
    held = moved(FIRST, "red_block", 0.2, 0.0, 0.5, held=True)
    assert brief(plan("put the red block in the bowl", held)) == [("place", "red_block")]


def test_words_mean_the_things_of_the_first_scene() -> None:
    blue = block("blue_block", "blue", 0.45, -0.12, 0.05)
    now = with_box(FIRST, 0.3, 0.3, box=block("blue_thing", "blue", 0.3, 0.3, category="block"))
    assert plan("put the blue block on the tray", now)[-1].objects[0] == blue.name
    refusal = answer("put the box on the tray", with_box(FIRST, 0.3, 0.3))
    assert isinstance(refusal, Refusal)  # there was no box when it was said


def test_a_new_thing_on_the_support_is_put_aside() -> None:
    now = with_box(FIRST, 0.45, -0.12, 0.05 + 0.03)
    goals = plan("put the red block on the blue block", now)
    assert brief(goals) == [("pick", "box"), ("place", "box"), ("pick", "red_block"), ("place", "red_block")]


def test_a_new_thing_at_the_very_place_is_put_aside_before_or_with_a_full_hand() -> None:
    text = "move the red block 10 cm to the left"
    now = with_box(FIRST, 0.40, 0.20)
    goals = plan(text, now)
    assert brief(goals) == [("pick", "box"), ("place", "box"), ("pick", "red_block"), ("place", "red_block")]
    full = moved(now, "red_block", 0.4, 0.1, 0.3, held=True)
    goals = plan(text, full)
    assert brief(goals)[:3] == [("place", "red_block"), ("pick", "box"), ("place", "box")]
    assert brief(goals)[-1] == ("place", "red_block")
    aside = [goal.success[0] for goal in goals if "aside" in goal.description and goal.skill == "place"]
    assert all(isinstance(at, At) and math.hypot(at.x - 0.40, at.y - 0.20) > 0.05 for at in aside)


def test_nothing_is_built_on_what_came_to_the_place() -> None:
    text = "move the red block 10 cm to the left"
    place = plan(text, FIRST)[-1]
    calm = grounded(PLANNER, place, FIRST, History(first_scene=FIRST))
    struck = grounded(PLANNER, place, with_box(FIRST, 0.40, 0.20), History(first_scene=FIRST))
    assert calm.model_dump()["target"]["support"] is None
    assert struck.model_dump()["target"]["support"] == "table"


def test_what_the_compiler_blames_is_put_aside_and_what_cannot_be_taken_is_pushed() -> None:
    text = "put the red block in the bowl"
    now = with_box(FIRST, 0.3, 0.3)
    pick, place = plan(text, now)
    goals = plan(text, now, in_vain(place, "no_free_place", "box"))
    assert brief(goals) == [("pick", "box"), ("place", "box"), ("pick", "red_block"), ("place", "red_block")]
    wide = in_vain(goals[0], "not_graspable", "box", "box is 90 mm wide")
    pushed = plan(text, now, in_vain(pick, "not_graspable", "box"), wide)
    assert brief(pushed)[0] == ("push", "box") and "90 mm" in pushed[0].reasoning
    assert isinstance(pushed[0].success[0], MovedBy)
    another = plan(text, now, in_vain(pick, "not_graspable", "box"), wide, in_vain(pushed[0], "collision", "mug"))
    assert another[0].success != pushed[0].success


def test_the_answers_to_verdicts_come_to_an_end() -> None:
    """Whatever is tried in vain, the planner does not offer the same plan for ever: it ends in words that name the thing."""
    text = "put the red block in the bowl"
    now = with_box(FIRST, 0.3, 0.3)
    attempts = [in_vain(plan(text, now)[0], "collision", "box")]
    for _ in range(12):
        goals = answer(text, now, *attempts)
        if isinstance(goals, Refusal):
            assert goals.reason == "infeasible" and "box" in goals.message
            return
        attempts.append(in_vain(goals[0], "not_graspable", "box", "box is too wide"))
    pytest.fail("twelve plans were offered")


def test_a_stop_over_that_cannot_be_reached_is_not_offered_again() -> None:
    text, now = "move the red block 10 cm to the left", with_box(FIRST, 0.40, 0.20)
    aside = plan(text, now)[1]
    other = plan(text, now, in_vain(aside, "unreachable", "box"))[1]
    first, second = aside.success[0], other.success[0]
    assert isinstance(first, At) and isinstance(second, At)
    assert math.hypot(first.x - second.x, first.y - second.y) > 0.02


def test_what_lies_where_no_finger_fits_is_said() -> None:
    inside = moved(FIRST, "yellow_block", 0.68, 0.05, 0.005 + 0.0175)
    text = "put the yellow block on the tray"
    refusal = answer(text, inside, in_vain(plan(text, inside)[0], "not_graspable", "mug"))
    assert isinstance(refusal, Refusal) and "yellow_block lies in or on mug" in refusal.message


def test_what_was_only_taken_to_be_put_aside_does_not_stay_in_the_hand() -> None:
    done = moved(FIRST, "red_block", 0.55, 0.25, 0.006 + 0.0225)
    held = moved(with_box(done, 0.3, 0.3), "box", 0.4, 0.0, 0.3, held=True)
    goals = plan("put the red block in the bowl", held)
    assert brief(goals) == [("place", "box")]
    assert plan("put the red block in the bowl, then pick up the mug", moved(done, "mug", 0.4, 0.0, 0.3, held=True)) == ()


def test_what_came_into_a_container_is_taken_out_before_it_is_carried() -> None:
    now = with_box(FIRST, 0.55, 0.25, 0.006 + 0.03)
    assert brief(plan("put the bowl to the left of the tray", now))[:2] == [("pick", "box"), ("place", "box")]


PLACES = st.one_of(
    st.tuples(st.floats(0.26, 0.74), st.floats(-0.44, 0.44), st.sampled_from((0.02, 0.03, 0.06))),
    st.sampled_from(((0.55, 0.25, 0.03), (0.5, -0.28, 0.03), (0.45, -0.12, 0.075), (0.68, 0.05, 0.03), (1.2, 0.0, -0.6))),
    st.tuples(st.floats(-0.2, 1.5), st.floats(-1.5, 1.5), st.floats(-1.0, 1.0)),
)
TILTS = st.sampled_from((0.0, 0.0, 0.5, math.pi / 2, math.pi))
NAMES = ("red_block", "green_block", "blue_block", "bowl", "tray", "mug", "can", "ball")
TEXTS = (
    "put the red block in the bowl", "put the red and the green block on the tray", "swap the red block and the blue block",
    "stack the red, green and blue blocks", "push the can 10 cm to the left", "put the can to the left of the bowl",
    "clear the tray", "put the ball in the mug, then go home", "put the bowl between the tray and the mug",
    "pick up the mug", "take the red block off the blue block, then put it in the bowl",
)  # fmt: skip
CODES = st.sampled_from(("no_free_place", "not_graspable", "collision", "unreachable"))


@settings(max_examples=120)
@given(
    text=st.sampled_from(TEXTS),
    changes=st.lists(st.tuples(st.sampled_from(NAMES), PLACES, TILTS), max_size=5),
    held=st.sampled_from((None, None, *NAMES)),
    gone=st.sampled_from((None, None, None, *NAMES)),
    box=st.one_of(st.none(), PLACES),
    verdicts=st.lists(st.tuples(CODES, st.sampled_from((*NAMES, "box", "table", "ghost"))), max_size=4),
)
def test_any_state_gets_a_plan_or_a_refusal(
    text: str,
    changes: list[tuple[str, tuple[float, float, float], float]],
    held: str | None,
    gone: str | None,
    box: tuple[float, float, float] | None,
    verdicts: list[tuple[str, str]],
) -> None:
    now = FIRST
    for name, place, tilt in changes:
        now = moved(now, name, *place, tilt)
    now = now if held is None else moved(now, held, 0.4, 0.0, 0.35, held=True)
    now = now if box is None else with_box(now, *box)
    now = now.model_copy(update={"objects": tuple(thing for thing in now.objects if thing.name != gone)})
    attempts: list[Attempt] = []
    for code, blamed in (*verdicts, (None, "")):
        goals = answer(text, now, *attempts)
        if isinstance(goals, Refusal):
            assert goals.message and goals.reason != "not_understood"
            return
        assert all(name in now for goal in goals for name in goal.objects)
        assert one_thing_in_the_hand(goals, now)
        if not goals or code is None:
            return
        attempts.append(in_vain(goals[len(attempts) % len(goals)], code, blamed))


def one_thing_in_the_hand(goals: tuple[Subgoal, ...], now: Scene) -> bool:
    """Whether a hand that follows the plan never takes a thing while it holds one, nor puts down what it does not hold."""
    holding = now.held.name if now.held is not None else None
    for goal in goals:
        name = goal.objects[0] if goal.objects else None
        if (goal.skill in ("pick", "push") and holding is not None) or (goal.skill == "place" and holding != name):
            return False
        holding = name if goal.skill == "pick" else holding if goal.skill == "home" else None
    return True


def test_what_is_out_of_reach_is_tried_from_the_rest_posture_and_then_given_up_in_words() -> None:
    text = "put the red block in the bowl"
    failed = in_vain(plan(text, FIRST)[0], "unreachable", "", "The pose is out of reach by 49 mm.")
    goals = plan(text, FIRST, failed)
    assert [goal.skill for goal in goals] == ["home", "pick", "place"]
    refusal = answer(text, FIRST, failed, failed)
    assert isinstance(refusal, Refusal) and refusal.reason == "infeasible"
    assert "red_block is on table" in refusal.message and "by 49 mm" in refusal.message
