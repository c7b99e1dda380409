"""Where things go that only have to be out of the way, how far things go where nothing is said, and what is so already."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planner_scenes import ROBOT, SKILLS, WORKSPACE, block, blocks, bowl, mug, scene, table, tray

from lmp.meaning.conditions import At, Behind, Between, InFrontOf, LeftOf, MovedBy, NextTo, RightOf
from lmp.meaning.relations import holds
from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Cylinder, Sphere

PLANNER = ScriptedPlanner(SKILLS)


def plan(text: str, now: Scene) -> tuple[Subgoal, ...]:
    answer = PLANNER.decompose(text, now)
    assert isinstance(answer, tuple), answer
    return answer


def places(goals: tuple[Subgoal, ...]) -> list[At]:
    return [condition for goal in goals for condition in goal.success if isinstance(condition, At)]


def apart(first: At, second: At) -> float:
    return math.hypot(first.x - second.x, first.y - second.y)


def ball(radius: float, x: float = 0.4, y: float = 0.0) -> SceneObject:
    return SceneObject(
        name="ball", category="ball", colour="red", pose=Pose(position=(x, y, radius)), shape=Sphere(radius=radius)
    )


def can(radius: float) -> SceneObject:
    pose = Pose(position=(0.4, -0.2, 0.03))
    return SceneObject(name="can", category="can", colour="green", pose=pose, shape=Cylinder(radius=radius, height=0.06))


def test_a_swap_steps_aside_to_a_place_that_stays_free() -> None:
    aside, second, first = places(plan("swap the red block and the blue block", scene()))
    red, blue = scene().get("red_block").centre, scene().get("blue_block").centre
    assert (second.x, second.y) == pytest.approx(red[:2], abs=1e-3)
    assert (first.x, first.y) == pytest.approx(blue[:2], abs=1e-3)
    for other in (first, second):
        assert apart(aside, other) > 0.05
    assert WORKSPACE.lower[0] < aside.x < WORKSPACE.upper[0] and WORKSPACE.lower[1] < aside.y < WORKSPACE.upper[1]


def test_what_is_in_the_hand_is_not_put_where_the_next_thing_goes() -> None:
    """The red block hangs just where the green one is to stand: left of the mug."""
    now = scene(*blocks(), mug(x=0.5, y=0.2))
    spot = plan("put the green block 4 cm to the left of the mug", now)[-1].success[-1]
    assert isinstance(spot, At)
    held = now.get("red_block").model_copy(update={"pose": Pose(position=(spot.x, spot.y, 0.3)), "held_by": "gripper"})
    goals = plan("put the green block 4 cm to the left of the mug", now.replacing(held))
    aside = goals[0].success[0]
    assert isinstance(aside, At) and aside.object == "red_block"
    assert apart(aside, spot) > 0.07


def test_what_leaves_a_container_is_put_where_later_steps_leave_room() -> None:
    inside = block("red_block", "red", 0.5, -0.28, 0.03, z=0.006)
    now = scene(inside, block("green_block", "green", 0.4, 0.2), tray())
    goals = plan("take the red block off the tray and then move the green block 20 cm to the right", now)
    free, goal = goals[1].success[-1], goals[-1].success[-1]
    assert isinstance(free, At) and isinstance(goal, MovedBy)
    assert math.hypot(free.x - (goal.origin[0] + goal.dx), free.y - (goal.origin[1] + goal.dy)) > 0.06
    alone = plan("take the red block off the tray", now)
    assert not places(alone), "with nothing to come the arm is free to choose"


@pytest.mark.parametrize(("radius", "fits"), [(0.020, True), (0.024, True), (0.028, False)])
def test_balls_and_cylinders_are_round(radius: float, fits: bool) -> None:
    """The mug's opening is 5.2 cm wide; a square of the ball's box would be 7.1 cm from corner to corner."""
    for thing in (ball(radius), can(radius)):
        answer = PLANNER.decompose(f"put the {thing.name} in the mug", scene(thing, mug()))
        assert isinstance(answer, tuple) is fits, answer


def test_a_push_without_a_distance_ends_before_what_is_in_its_way() -> None:
    for gap in (0.05, 0.07, 0.09):
        wall = block("blue_block", "blue", 0.5, 0.02 + gap + 0.02)
        goals = plan("push the red block to the left", scene(block("red_block", "red", 0.5, 0.0), wall))
        (condition,) = goals[0].success
        assert isinstance(condition, MovedBy)
        assert gap - 0.015 <= condition.dy < gap
        assert "blue_block" in goals[0].reasoning and "no distance is said" in goals[0].reasoning


def test_a_push_without_room_is_refused_and_one_with_a_distance_stays() -> None:
    wall = block("blue_block", "blue", 0.5, 0.065)
    now = scene(block("red_block", "red", 0.5, 0.0), wall)
    answer = PLANNER.decompose("push the red block to the left", now)
    assert isinstance(answer, Refusal) and answer.reason == "infeasible" and "blue_block" in answer.message
    (condition,) = plan("push the red block 8 cm to the left", now)[0].success
    assert isinstance(condition, MovedBy) and condition.dy == pytest.approx(0.08)


def test_a_push_without_a_distance_stays_in_the_workspace() -> None:
    edge = WORKSPACE.upper[1]
    (condition,) = plan("push the red block to the left", scene(block("red_block", "red", 0.5, edge - 0.09)))[0].success
    assert isinstance(condition, MovedBy)
    assert condition.dy >= 0.04 and condition.origin[1] + condition.dy + 0.02 <= edge + 1e-9


def test_what_is_far_off_to_the_side_is_moved_although_the_side_holds() -> None:
    now = scene(block("red_block", "red", 0.55, -0.08), bowl(x=0.42, y=0.25, radius=0.07))
    condition = RightOf(object="red_block", reference="bowl")
    assert holds(
        condition, now.replacing(now.get("red_block").model_copy(update={"pose": Pose(position=(0.5, 0.0, 0.02))}))
    ).holds
    near = now.replacing(now.get("red_block").model_copy(update={"pose": Pose(position=(0.42, 0.12, 0.02))}))
    assert plan("put the red block to the right of the bowl", near) == ()
    askew = now.replacing(now.get("red_block").model_copy(update={"pose": Pose(position=(0.58, 0.06, 0.02))}))
    assert holds(condition, askew).holds
    assert [goal.skill for goal in plan("put the red block to the right of the bowl", askew)] == ["pick", "place"]


def test_what_holds_is_left_where_there_is_no_room_to_make_it_clearer() -> None:
    """The bowl stands at the near edge: nothing fits straight in front of it, and the block is askew of it."""
    edge = WORKSPACE.lower[0]
    now = scene(block("red_block", "red", edge + 0.02, 0.31), bowl(x=edge + 0.09, y=0.25, radius=0.04))
    assert holds(InFrontOf(object="red_block", reference="bowl"), now).holds
    assert not InFrontOf(object="red_block", reference="bowl").holds_clearly(now)
    assert plan("put the red block in front of the bowl", now) == ()


def test_what_is_so_already_is_said() -> None:
    now = scene(
        block("red_block", "red", 0.42, 0.12), block("blue_block", "blue", 0.4, -0.2), bowl(x=0.42, y=0.25, radius=0.07)
    )
    goals = plan("put the red block to the right of the bowl and the blue block in the bowl", now)
    assert {goal.objects[0] for goal in goals} == {"blue_block"}
    assert "no need to put red_block to the right of bowl: it is so already" in goals[0].reasoning


@settings(deadline=None, max_examples=150)
@given(
    x=st.floats(0.3, 0.7), y=st.floats(-0.4, 0.4), other_x=st.floats(0.3, 0.7), other_y=st.floats(-0.4, 0.4),
    third_x=st.floats(0.3, 0.7), third_y=st.floats(-0.4, 0.4),
)  # fmt: skip
def test_what_holds_clearly_holds(x: float, y: float, other_x: float, other_y: float, third_x: float, third_y: float) -> None:
    now = Scene(
        objects=(table(), block("a", "red", x, y), block("b", "blue", other_x, other_y), block("c", "green", third_x, third_y)),
        T_world_base=Pose(),
        robot=ROBOT,
        workspace=WORKSPACE,
    )
    pair = {"object": "a", "reference": "b"}
    conditions = [LeftOf(**pair), RightOf(**pair), Behind(**pair), InFrontOf(**pair), NextTo(**pair)]
    clear = [condition for condition in conditions if condition.holds_clearly(now)]
    assert all(holds(condition, now).holds for condition in clear)
    assert sum(not isinstance(condition, NextTo) for condition in clear) <= 1, "no thing clearly stands on two sides"
    between = Between(object="a", first="b", second="c")
    assert holds(between, now).holds or not between.holds_clearly(now)
