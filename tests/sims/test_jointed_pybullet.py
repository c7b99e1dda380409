"""Objects with joints in PyBullet: their parts where the schema says, what moves them, and saved states."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jointed_scenes import READY, scene_with

from lmp.lab.truth.truth_snapshot import Snapshot
from lmp.robots.robot_file import load_robot
from lmp.runtime.worlds import open_world
from lmp.schema.observation import IMAGES
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.schema.scene_file import SceneFile
from lmp.schema.shape import Articulated
from lmp.sims.pybullet.mass import volume
from lmp.sims.pybullet.object_urdf import joint_id
from lmp.sims.pybullet.pybullet_world import PyBulletWorld
from lmp.sims.scenes.ready_shapes import build_shape
from lmp.sims.world_report import world_report

PANDA = load_robot("panda")


def world(scene: SceneFile, seed: int = 0) -> PyBulletWorld:
    return PyBulletWorld(scene, PANDA, seed)


def it(opened: PyBulletWorld) -> SceneObject:
    return next(thing for thing in opened.scene().objects if thing.name == "it")


def set_joints(opened: PyBulletWorld, values: dict[str, float]) -> None:
    opened.inventory.body("it").set_joints(values)


@pytest.mark.parametrize("name", sorted(READY))
def test_every_part_is_where_the_engine_has_its_link(name: str) -> None:
    """The schema's own kinematics against PyBullet's link frames, at several positions of a turned object."""
    with world(scene_with(READY[name], place={"x": 0.55, "y": 0.05, "yaw": 0.7})) as opened:
        body, engine, rng = opened.inventory.body("it"), opened.engine, np.random.default_rng(1)
        for _ in range(3):
            drawn = {joint.name: float(rng.uniform(joint.lower, joint.upper)) for joint in it(opened).joints}
            set_joints(opened, drawn)
            thing = it(opened)
            assert {joint.name: joint.value for joint in thing.joints} == pytest.approx(drawn, abs=1e-9)
            zero = thing.with_joints({joint.name: min(max(0.0, joint.lower), joint.upper) for joint in thing.joints})
            for number in range(engine.getNumJoints(body.uid)):
                named = engine.getJointInfo(body.uid, number)[1].decode()
                joint = next(joint for joint in thing.joints if joint_id(joint.name) == named)
                position, quat = engine.getLinkState(body.uid, number, computeForwardKinematics=1)[4:6]
                T_world_link = Pose(position=position, quat_xyzw=quat).matrix
                # The link's frame is that of the joint: at zero it stands where the joint does.
                T_link_part = np.linalg.inv(zero.T_world_part(joint.parent) @ joint.origin.matrix) @ zero.T_world_part(
                    joint.child
                )
                np.testing.assert_allclose(thing.T_world_part(joint.child), T_world_link @ T_link_part, atol=2e-6)


@pytest.mark.parametrize("name", sorted(READY))
def test_what_nobody_touches_stays_where_it_is(name: str) -> None:
    shape = READY[name]
    starts: dict[str, dict[str, float]] = {"cabinet": {"middle_drawer": 0.06}, "door": {"door": 0.9}, "knob": {"knob": -1.0}}
    with world(scene_with(shape, joints=starts.get(name))) as opened:
        before = it(opened)
        opened.settle(1.0)
        for joint in it(opened).joints:
            assert joint.value == pytest.approx(before.joint(joint.name).value, abs=1e-4), joint.name


def test_a_button_comes_back_and_a_switch_stays_on_its_side() -> None:
    with world(scene_with(READY["button"])) as opened:
        set_joints(opened, {"button": 0.008})
        opened.settle(0.5)
        assert it(opened).joint("button").value == pytest.approx(0.0, abs=2e-4)
    with world(scene_with(READY["switch"])) as opened:
        assert it(opened).joint("switch").share == 0.0
        for start, end in ((0.05, 1.0), (-0.05, 0.0)):
            set_joints(opened, {"switch": start})
            opened.settle(0.5)
            assert it(opened).joint("switch").share == pytest.approx(end, abs=0.02)


def test_a_weight_opens_a_drawer_that_leans_only_above_its_friction() -> None:
    """Gravity along the slide against the friction that the scene file tells: m g sin(a) above it or below it."""
    shape = build_shape(scene_with(READY["chest"]).objects[0]).shape
    assert isinstance(shape, Articulated)
    mass = 2.0 * volume(shape.part("drawer").shape) / sum(volume(part.shape) for part in shape.parts)
    pull = mass * 9.81 * np.sin(0.3)
    for friction, slides in ((1.15 * pull, False), (0.85 * pull, True)):
        joints: dict[str, Any] = {"drawer": {"value": 0.0, "friction": friction}}
        with world(scene_with(READY["chest"], joints=joints)) as opened:
            body = opened.inventory.body("it")
            tilt = Pose(position=(0.6, 0.0, 0.3), quat_xyzw=(0.0, -np.sin(0.15), 0.0, float(np.cos(0.15))))
            body.move(tilt)  # its front down
            opened.settle(1.0)
            assert (it(opened).joint("drawer").value > 0.02) is slides


def test_a_saved_state_holds_the_joints_and_what_moves_on(tmp_path: Path) -> None:
    scene = scene_with(READY["cabinet"], joints={"top_drawer": 0.1})
    with world(scene) as opened:
        set_joints(opened, {"top_drawer": 0.04, "bottom_drawer": 0.07})
        opened.settle(0.1)
        opened.save(tmp_path / "state")
        saved = it(opened)
        set_joints(opened, {"top_drawer": 0.0, "bottom_drawer": 0.0})
        opened.restore(tmp_path / "state")
        assert it(opened).shape == saved.shape
    with world(scene) as other:
        other.restore(tmp_path / "state")
        assert it(other).shape == saved.shape
        other.settle(0.2)
        assert it(other).joint("top_drawer").value == pytest.approx(0.04, abs=1e-4)


def test_contents_rest_in_the_drawer_and_the_report_tells_the_joints() -> None:
    with open_world("cabinet", seed=2) as opened:
        things = {thing.name: thing for thing in opened.scene().objects}
        assert things["red_block"].touching == ("cabinet",)
        reported = next(each for each in world_report(opened) if each.name == "cabinet")
        drawer = things["cabinet"].joint("top_drawer")
        assert reported.joints["top_drawer"] == drawer.value
        truth = Snapshot(opened.scene_file, world_report(opened)).find("cabinet")
        assert truth is not None
        for (cavity, frame), (own, there) in zip(truth.hollows, things["cabinet"].hollows, strict=True):
            assert cavity == own
            np.testing.assert_allclose(frame.matrix, there.matrix, atol=1e-9)


def test_pictures_show_an_object_with_all_its_parts_as_one() -> None:
    camera = {"name": "side", "position": [-0.1, 0.5, 0.5], "target": [0.55, 0.0, 0.08], "width": 160, "height": 120}
    scene = scene_with(READY["cabinet"], joints={"top_drawer": 0.1}).model_dump()
    file = SceneFile.model_validate(scene | {"cameras": [camera]})
    with world(file) as opened:
        (frame,) = opened.observe(IMAGES).frames
        thing = it(opened)
        points = thing.T_world_part("top_drawer")[:3, 3] + np.array([[-0.1, 0.06, 0.0]])  # on the front of the open drawer
        local = (points - np.array(frame.T_world_camera.position)) @ frame.T_world_camera.rotation
        u, v, w = (local @ frame.intrinsics.T)[0]
        assert frame.labels[frame.segmentation[round(v / w), round(u / w)]] == "it"
