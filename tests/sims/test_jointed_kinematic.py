"""Objects with joints in the kinematic world: fingers move parts along their joints, within their range, contents and all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from flying_hand import TABLE, flying_description, forward
from hypothesis import given, settings
from hypothesis import strategies as st
from jointed_scenes import READY, scene_with

from lmp.errors import BadFile
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.schema.scene_file import SceneFile
from lmp.sims.kinematic.kinematic_world import KinematicWorld
from lmp.sims.scenes.ready_shapes import build_shape, built_object


class Hand:
    """A flying hand with closed fingers before one jointed object at (0.6, 0), and blocks."""

    def __init__(self, file: SceneFile, *others: SceneObject):
        built = build_shape(file.objects[0])
        height = built.shape.support(np.array([0.0, 0.0, -1.0]))
        it = built_object(file.objects[0], Pose(position=(0.6, 0.0, height)), built)
        self.world = KinematicWorld(file, [TABLE, it, *others], flying_description(), forward=forward)

    def go(self, x: float, y: float, z: float) -> None:
        start, goal = self.world.robot.q.copy(), np.array([x, y, z, 0.0])
        steps = max(2, int(np.linalg.norm(goal - start) / 0.002))
        for share in np.arange(1, steps + 1) / steps:
            q = start + share * (goal - start)
            self.world.robot.send_action(dict(zip("xyz", q[:3], strict=True)) | {"yaw": 0.0, "gripper": 0.0})

    def thing(self, name: str = "it") -> SceneObject:
        return next(thing for thing in self.world.scene().objects if thing.name == name)


def chest_with(value: float, *names: str) -> Hand:
    file = scene_with(READY["chest"], joints={"drawer": value})
    hand = Hand(file)
    cavity, frame = hand.thing().hollows[0]
    for index, name in enumerate(names):
        spot = frame.apply(np.array([-0.05, 0.06 * index - 0.03, cavity.floor + 0.015]))
        block = {"name": name, "category": "block", "shape": {"kind": "box", "size": [0.03, 0.03, 0.03]}}
        spec = scene_with(block["shape"]).objects[0].model_copy(update={"name": name, "category": "block", "role": "movable"})
        hand.world.add_object(spec, Pose(position=tuple(float(v) for v in spot)))
    return hand


@settings(max_examples=10, deadline=None)
@given(st.floats(0.05, 0.12), st.floats(0.0, 0.15))
def test_the_front_goes_before_the_fingers_to_the_end_of_its_range(value: float, way: float) -> None:
    hand = chest_with(value, "red", "blue")
    front = 0.6 - 0.08 - value
    before = {name: hand.thing(name).pose.position for name in ("red", "blue")}
    hand.go(front - 0.06, 0.0, 0.3)
    hand.go(front - 0.06, 0.0, 0.06)
    assert hand.thing().joint("drawer").value == pytest.approx(value)
    half = 0.011  # of a finger along x
    hand.go(front - half + way, 0.0, 0.06)
    assert hand.thing().joint("drawer").value == pytest.approx(max(0.0, value - way), abs=1e-4)
    moved = min(value, way)
    for name, place in before.items():
        np.testing.assert_allclose(np.subtract(hand.thing(name).pose.position, place), [moved, 0.0, 0.0], atol=2e-4)
    assert set(hand.thing().touching or ()) >= {"red", "blue"}


def test_fingers_that_pass_over_or_beside_move_nothing() -> None:
    for y, z in ((0.0, 0.2), (0.2, 0.06)):
        hand = chest_with(0.1)
        hand.go(0.35, y, 0.3)
        hand.go(0.35, y, z)
        hand.go(0.6, y, z)
        assert hand.thing().joint("drawer").value == pytest.approx(0.1)


def test_a_button_goes_down_under_the_fingers_and_comes_back_when_they_leave() -> None:
    hand = Hand(scene_with(READY["button"]))
    top = 0.04 + 0.012
    hand.go(0.6, 0.0, 0.2)
    hand.go(0.6, 0.0, top - 0.004 + 0.008)  # the tips reach 8 mm past the tool point
    assert hand.thing().joint("button").value == pytest.approx(0.004, abs=2e-4)
    hand.go(0.6, 0.0, 0.2)
    assert hand.thing().joint("button").value == pytest.approx(0.0, abs=1e-6)


def test_a_door_turns_with_the_fingers_and_never_beyond_its_frame() -> None:
    hand = Hand(scene_with(READY["door"] | {"knob": 0.0}, joints={"door": 1.2}))
    hand.go(0.45, 0.02, 0.3)
    hand.go(0.45, 0.02, 0.12)
    hand.go(0.56, 0.02, 0.12)
    closing = hand.thing().joint("door").value
    assert closing is not None and 0.1 < closing < 1.0
    hand.go(0.7, 0.02, 0.12)
    assert hand.thing().joint("door").value == 0.0


def test_what_is_let_go_over_an_open_drawer_falls_into_it_and_over_a_closed_one_onto_it() -> None:
    for value, where in ((0.12, "in"), (0.0, "on")):
        hand = chest_with(value)
        spec = scene_with({"kind": "box", "size": [0.03, 0.03, 0.03]}).objects[0]
        x = 0.6 - 0.08 - 0.05 if where == "in" else 0.6
        hand.world.add_object(spec.model_copy(update={"name": "red", "role": "movable"}), Pose(position=(x, 0.0, 0.3)))
        hand.world.settle(0.1)
        bottom = hand.thing("red").bounds[0][2]
        cavity, frame = hand.thing().hollows[0]
        floor = frame.position[2] + cavity.floor
        assert bottom == pytest.approx(floor if where == "in" else 0.1, abs=1e-6)
        assert hand.thing("red").touching == ("it",)


def test_a_saved_state_holds_the_joints(tmp_path: Path) -> None:
    hand = chest_with(0.1, "red")
    hand.world.save(tmp_path / "state")
    hand.go(0.4, 0.0, 0.06)
    hand.go(0.5, 0.0, 0.06)
    assert hand.thing().joint("drawer").value < 0.05
    hand.world.restore(tmp_path / "state")
    assert hand.thing().joint("drawer").value == pytest.approx(0.1)
    content = (tmp_path / "state").read_text()
    (tmp_path / "wrong").write_text(content.replace('"drawer":0.1', '"drawer":0.9'))
    with pytest.raises(BadFile, match="do not fit"):
        hand.world.restore(tmp_path / "wrong")
