"""What the verifier finds in scenes made by hand: conditions, where things are, and the class of the failure."""

from __future__ import annotations

import math

import pytest

from lmp.meaning.conditions import At, Cleared, Held, In, On
from lmp.meaning.failures import (
    CONDITION_NOT_MET,
    DROPPED,
    GOAL_BLOCKED,
    MISSED_GRASP,
    OBJECT_MISSING,
    OBJECT_MOVED,
    OUT_OF_REACH,
    TOPPLED,
)
from lmp.meaning.geometric_verifier import GeometricVerifier
from lmp.meaning.object_states import is_lying, state_of
from lmp.schema.condition import Condition
from lmp.schema.findings import Verification
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Subgoal
from lmp.schema.pose import Pose
from lmp.schema.scene import RobotState, Scene, SceneObject
from lmp.schema.shape import Box, Cylinder, Sphere
from lmp.sims.kinematic.scene_bodies import scene_objects
from lmp.sims.scenes.loader import load_scene_file


def turned(angle: float) -> tuple[float, float, float, float]:
    """A turn about x [rad]."""
    return (math.sin(angle / 2), 0.0, 0.0, math.cos(angle / 2))


def at(before: Scene, name: str, x: float, y: float, z: float, tilt: float = 0.0, held: bool = False) -> Scene:
    pose = Pose(position=(x, y, z), quat_xyzw=turned(tilt))
    return before.replacing(before.get(name).model_copy(update={"pose": pose, "held_by": "gripper" if held else None}))


def without(before: Scene, name: str) -> Scene:
    return before.model_copy(update={"objects": tuple(thing for thing in before.objects if thing.name != name)})


def verified(before: Scene, after: Scene, *conditions: Condition, skill: str = "place") -> Verification:
    subgoal = Subgoal(
        description="", reasoning="", skill=skill, objects=(conditions[0].object,), success=conditions
    )  # fmt: skip
    return GeometricVerifier().verify(subgoal, before, after)


PLACES = {
    "red_block": (0.4, 0.1, 0.02), "green_block": (0.35, -0.05, 0.017), "blue_block": (0.45, -0.12, 0.027),
    "yellow_block": (0.52, 0.06, 0.0235), "bowl": (0.55, 0.25, 0.021), "tray": (0.5, -0.28, 0.011), "mug": (0.68, 0.05, 0.036),
    "can": (0.36, 0.40, 0.033), "ball": (0.36, -0.40, 0.024),
}  # fmt: skip
FILE = load_scene_file("tabletop")
FIRST = Scene(
    objects=scene_objects(FILE, {name: Pose(position=place) for name, place in PLACES.items()}),
    T_world_base=Pose(),
    robot=RobotState(joint_names=(), positions=(), velocities=(), gripper_width=0.08),
    workspace=FILE.workspace,
)
BLOCK = 0.02
"""Half of the red block's edge [m]."""
ON_BOWLS_FLOOR = 0.005 + BLOCK
HELD = at(FIRST, "red_block", 0.4, 0.1, 0.3, held=True)
IN_BOWL = In(object="red_block", container="bowl")


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (HELD, "red_block is held at (0.40, 0.10, 0.30) m"),
        (at(FIRST, "red_block", 0.55, 0.25, ON_BOWLS_FLOOR), "red_block is in bowl"),
        (at(FIRST, "red_block", 0.5, -0.28, 0.006 + BLOCK), "red_block is on tray"),
        (at(FIRST, "red_block", 0.45, -0.12, 0.054 + BLOCK), "red_block is on blue_block"),
        (FIRST, "red_block is on table"),
        (
            at(FIRST, "red_block", 1.2, 0.1, -0.6),
            "red_block has fallen off what carried it at (1.20, 0.10, -0.60) m, out of reach",
        ),
        (at(FIRST, "red_block", 0.85, 0.1, BLOCK), "red_block is on table at (0.85, 0.10, 0.02) m, out of reach"),
        (at(FIRST, "red_block", 0.4, 0.1, 0.5), "red_block rests on nothing"),
        (without(FIRST, "red_block"), "red_block is no longer there, out of reach"),
    ],
)
def test_where_a_thing_is_in_words(after: Scene, words: str) -> None:
    found = verified(FIRST, after, IN_BOWL)
    assert words in [str(found.states[0]), str(found.states[0]).split(" at (")[0]]
    if found.outcome is not Outcome.SUCCEEDED:
        assert str(found.states[0]) in found.message


@pytest.mark.parametrize(
    ("before", "after", "condition", "outcome"),
    [
        (HELD, at(FIRST, "red_block", 0.55, 0.25, ON_BOWLS_FLOOR), IN_BOWL, Outcome.SUCCEEDED),
        (HELD, at(FIRST, "red_block", 0.35, 0.20, BLOCK), IN_BOWL, DROPPED),
        (HELD, at(FIRST, "red_block", 0.55, 0.13, BLOCK), IN_BOWL, CONDITION_NOT_MET),
        (HELD, HELD, IN_BOWL, CONDITION_NOT_MET),
        (HELD, at(FIRST, "red_block", 1.2, 0.1, -0.6), IN_BOWL, OUT_OF_REACH),
        (HELD, at(HELD, "bowl", 1.2, 0.1, -0.6), IN_BOWL, OUT_OF_REACH),
        (HELD, at(HELD, "bowl", 0.55, 0.25, 0.09, math.pi / 2), IN_BOWL, TOPPLED),
        (HELD, without(FIRST, "red_block"), IN_BOWL, OBJECT_MISSING),
        (HELD, without(FIRST, "bowl"), IN_BOWL, OBJECT_MISSING),
        (FIRST, FIRST, Held(object="red_block"), MISSED_GRASP),
        (FIRST, at(FIRST, "red_block", 0.45, 0.12, BLOCK), Held(object="red_block"), OBJECT_MOVED),
        (HELD, at(FIRST, "red_block", 0.45, 0.12, BLOCK), Held(object="red_block"), DROPPED),
        (FIRST, at(FIRST, "mug", 0.68, 0.05, 0.035, math.pi / 2), Held(object="mug"), TOPPLED),
        (FIRST, at(FIRST, "red_block", 1.2, 0.1, -0.6), Held(object="red_block"), OUT_OF_REACH),
        (HELD, at(FIRST, "ball", 0.55, 0.25, 0.029), Cleared(object="bowl"), GOAL_BLOCKED),
        (
            HELD,
            at(at(FIRST, "red_block", 0.55, 0.13, BLOCK), "ball", 0.55, 0.25, 0.029),
            IN_BOWL,
            GOAL_BLOCKED,
        ),
        (
            HELD,
            at(at(FIRST, "red_block", 0.30, 0.27, BLOCK), "ball", 0.31, 0.20, 0.024),
            At(object="red_block", x=0.3, y=0.2),
            GOAL_BLOCKED,
        ),
        (HELD, at(FIRST, "red_block", 0.30, 0.27, BLOCK), At(object="red_block", x=0.3, y=0.2), CONDITION_NOT_MET),
        (HELD, at(FIRST, "red_block", 0.30, 0.40, BLOCK), At(object="red_block", x=0.3, y=0.2), DROPPED),
    ],
)
def test_the_class_of_a_failure(before: Scene, after: Scene, condition: Condition, outcome: Outcome) -> None:
    assert verified(before, after, condition).outcome is outcome


def test_a_blocker_is_named() -> None:
    after = at(at(FIRST, "red_block", 0.55, 0.13, BLOCK), "ball", 0.55, 0.25, 0.029)
    assert "ball stands where red_block has to go" in verified(HELD, after, IN_BOWL).message


def test_what_was_there_before_is_no_blocker() -> None:
    before = at(HELD, "ball", 0.55, 0.25, 0.029)
    after = at(at(FIRST, "ball", 0.55, 0.25, 0.029), "red_block", 0.55, 0.13, BLOCK)
    assert verified(before, after, IN_BOWL).outcome is CONDITION_NOT_MET


def test_states_are_there_for_every_object_of_the_conditions_but_not_for_furniture() -> None:
    found = verified(FIRST, FIRST, IN_BOWL, On(object="red_block", support="table"))
    assert [state.object for state in found.states] == ["red_block", "bowl"]


def thing(shape: Box | Cylinder | Sphere) -> SceneObject:
    return SceneObject(name="thing", category="thing", pose=Pose(position=(0.5, 0.0, 0.1)), shape=shape)


@pytest.mark.parametrize(
    ("of", "angle", "lying"),
    [
        (thing(Box(size=(0.04, 0.04, 0.04))), math.pi / 2, False),
        (thing(Box(size=(0.15, 0.035, 0.03))), math.pi / 2, False),
        (thing(Box(size=(0.06, 0.06, 0.15))), math.pi / 2, True),
        (thing(Box(size=(0.06, 0.06, 0.15))), math.pi, False),
        (thing(Sphere(radius=0.03)), math.pi / 2, False),
        (thing(Cylinder(radius=0.03, height=0.07)), math.pi / 2, True),
        (thing(Cylinder(radius=0.03, height=0.07)), math.pi, False),
        (thing(Cylinder(radius=0.03, height=0.07)), 0.3, False),
        (FIRST.get("mug"), math.pi, True),
        (FIRST.get("mug"), math.pi / 2, True),
        (FIRST.get("bowl"), 0.3, False),
        (FIRST.get("tray"), math.pi, True),
        (FIRST.get("red_block"), math.pi / 4, False),
    ],
)
def test_what_lies_and_what_stands(of: SceneObject, angle: float, lying: bool) -> None:
    tipped = of.model_copy(update={"pose": Pose(position=of.pose.position, quat_xyzw=turned(angle))})
    assert is_lying(tipped) is lying


def test_a_reported_contact_decides_what_a_leaning_thing_is_on() -> None:
    leaning = FIRST.get("red_block").model_copy(
        update={"pose": Pose(position=(0.50, -0.175, 0.045), quat_xyzw=turned(0.6)), "touching": ("table", "tray")}
    )
    state = state_of("red_block", FIRST.replacing(leaning))
    assert (state.place, state.support) == ("on", "tray")
