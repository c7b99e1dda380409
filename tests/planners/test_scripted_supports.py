"""Scenes of several supports, of one that is no table, and of none: things are put down on the one below them."""

from __future__ import annotations

import pytest
from planner_scenes import ROBOT, SKILLS, WORKSPACE, block, blocks, bowl, tray

from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Box

PLANNER = ScriptedPlanner(SKILLS)
HIGH = 0.15
"""Height of the shelf's top [m]."""


def support(name: str, category: str, y: float, top: float, width: float = 0.5) -> SceneObject:
    pose = Pose(position=(0.5, y, top - 0.02))
    return SceneObject(name=name, category=category, pose=pose, shape=Box(size=(0.9, width, 0.04)), role="support")


def scene_on(*supports: SceneObject, objects: tuple[SceneObject, ...] = ()) -> Scene:
    return Scene(objects=(*supports, *objects), T_world_base=Pose(), robot=ROBOT, workspace=WORKSPACE)


def two_supports() -> Scene:
    low, high = support("table", "table", -0.25, 0.0), support("shelf", "shelf", 0.25, HIGH)
    above = (bowl(y=0.3), block("red_block", "red", 0.55, 0.3, 0.03), block("blue_block", "blue", 0.4, 0.15))
    raised = [item.model_copy(update={"pose": item.pose.model_copy(update={"position": (*item.pose.position[:2],
              item.pose.position[2] + HIGH + (0.006 if item.name == "red_block" else 0.0))})}) for item in above]  # fmt: skip
    below = (tray(y=-0.3), block("green_block", "green", 0.5, -0.3, 0.03, z=0.006), block("yellow_block", "yellow", 0.4, -0.15))
    return scene_on(low, high, objects=(*raised, *below))


def plan(text: str, now: Scene) -> tuple[Subgoal, ...]:
    answer = PLANNER.decompose(text, now)
    assert isinstance(answer, tuple), answer
    return answer


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("take the red block out of the bowl", ["red_block on shelf"]),
        ("take the green block off the tray", ["green_block on table"]),
        ("clear the tray", ["green_block on table", "tray cleared"]),
        ("empty the bowl", ["red_block on shelf", "bowl cleared"]),
        ("put the blue block on the table", ["blue_block on table"]),
        ("put the yellow block on the shelf", ["yellow_block on shelf"]),
    ],
)
def test_what_is_put_down_goes_to_the_support_below_it(text: str, conditions: list[str]) -> None:
    assert [condition.words for condition in plan(text, two_supports())[-1].success] == conditions


@pytest.mark.parametrize(("category", "other"), [("workbench", "table"), ("pallet", "table"), ("counter", "shelf")])
def test_messages_name_the_support_of_the_scene(category: str, other: str) -> None:
    now = scene_on(support("stand", category, 0.0, 0.0, 1.2), objects=(*blocks(), bowl()))
    asked = ("put the red block to the left of the robot", f"put the bowl to the left of the {category}", "drop the red block",
             "take the red block out of the bowl", "put the red block on the left side of the bowl's rim")  # fmt: skip
    answers = [PLANNER.decompose(text, now) for text in asked]
    told = " ".join(f"{answer.message} {answer.hint}" for answer in answers if isinstance(answer, Refusal))
    assert category in told and other not in told.replace("tabletop", ""), told


def test_bare_ground_has_no_support_to_put_things_on() -> None:
    now = scene_on(objects=(*blocks(), bowl()))
    answer = PLANNER.decompose("put down the red block", now)
    assert isinstance(answer, Refusal) and answer.reason == "absent" and "table" not in answer.message + answer.hint
    assert [goal.skill for goal in plan("put the red block in the bowl", now)] == ["pick", "place"]
