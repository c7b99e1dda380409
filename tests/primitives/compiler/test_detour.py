"""A box that hangs in the air where the arm would pass: the compiler finds another way, and it is a sound one."""

from __future__ import annotations

import itertools

import numpy as np
import pinocchio as pin
import pytest
from compile_scenes import block, compiler, holding, table_scene, tray
from panda_arm import PANDA

from lmp.meaning.conditions import InTarget
from lmp.primitives.arm.kinematics import robot_model
from lmp.primitives.skills.pick import PickParameters
from lmp.primitives.skills.place import PlaceParameters
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Box
from lmp.schema.trajectory import JointTrajectory

HELD = holding(table_scene(block("red_block", 0.45, 0.25), tray("tray", 0.55, -0.15)), "red_block")
WISH = PlaceParameters(object="red_block", target=InTarget(container="tray"))
EDGE = 0.08


def with_box(x: float, y: float, z: float) -> Scene:
    shape = Box(size=(EDGE, EDGE, EDGE))
    box = SceneObject(name="box", category="box", shape=shape, pose=Pose(position=(x, y, z)), role="fixture")
    return HELD.model_copy(update={"objects": (*HELD.objects, box)})


def points_of_tool_inside(trajectory: JointTrajectory, x: float, y: float, z: float) -> int:
    """How many samples have the tool point inside the box: told by the recorded tool path alone."""
    return int((np.abs(trajectory.tool_path - np.array([x, y, z])) < EDGE / 2).all(axis=1).sum())


@pytest.mark.parametrize(("x", "y", "z"), [(0.4, -0.1, 0.32), (0.4, 0.0, 0.4), (0.5, 0.0, 0.25)])
def test_where_no_tool_path_is_free_the_arm_goes_another_way(x: float, y: float, z: float):
    scene = with_box(x, y, z)
    found = compiler().compile(WISH, scene)
    assert isinstance(found, JointTrajectory), str(found)
    assert any("another way through joint space" in note for note in found.notes)
    assert points_of_tool_inside(found, x, y, z) == 0
    limit = np.array([joint.velocity for joint in compiler().robot.joints])
    assert (np.abs(np.diff(found.positions, axis=0)) / np.diff(found.times)[:, None] <= limit * (1 + 1e-9)).all()
    opened = next(event.t for event in found.gripper if event.action == "open")
    carried = [segment for segment in found.segments if segment.end <= opened + 1e-9]
    state = compiler().arm.collisions.with_scene(scene, "red_block", held_pose(scene))
    samples = found.positions[found.times <= carried[0].end][::4]
    # Four times as dense as the compiler's own samples, and without its bounds between them.
    assert not state.check_path(samples, scene.robot.gripper_width, (), 0.0).contacts


def held_pose(scene: Scene) -> np.ndarray:
    tool = compiler().arm.kinematics.forward(np.array(scene.robot.positions))
    return np.linalg.inv(tool) @ scene.get("red_block").pose.matrix


def test_the_same_question_has_the_same_answer():
    one, other = (compiler().compile(WISH, with_box(0.4, -0.1, 0.32)) for _ in range(2))
    assert one.model_dump_json() == other.model_dump_json()


@pytest.mark.parametrize(("x", "y", "z"), [(0.46, 0.008, 0.273), (0.47, -0.02, 0.29), (0.45, 0.03, 0.3)])
def test_the_forearm_passes_what_hangs_in_its_way_in_another_posture(x: float, y: float, z: float):
    box = SceneObject(name="box", category="box", shape=Box(size=(EDGE,) * 3), pose=Pose(position=(x, y, z)), role="fixture")
    found = compiler().compile(PickParameters(object="block"), table_scene(block("block", 0.627, 0.023, 0.054), box))
    assert isinstance(found, JointTrajectory), str(found)
    closed = next(event.t for event in found.gripper if event.action == "close")
    middles = middle_line(found.positions[found.times <= closed][::20])
    assert (np.abs(middles - np.array([x, y, z])).max(axis=-1) > EDGE / 2).all()


def middle_line(qs: np.ndarray) -> np.ndarray:
    """Points along the arm, from Pinocchio's joint origins alone [m]. Shape (n, dof) to (k, 3)."""
    model = robot_model(PANDA)
    data, shares, points = model.createData(), np.linspace(0.0, 1.0, 6)[:, None], []
    for q in qs:
        pin.forwardKinematics(model, data, np.concatenate([q, np.zeros(model.nq - len(q))]))
        origins = [data.oMi[joint].translation.copy() for joint in range(1, len(q) + 1)]
        points += [one + shares * (other - one) for one, other in itertools.pairwise(origins)]
    return np.concatenate(points)
