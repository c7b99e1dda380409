"""With forces, friction and contacts: a base that is turned, off the origin and raised, and scenes without a table."""

from __future__ import annotations

from typing import Any

import pytest
from moved_scene import PANDA, carried_out, moved, on_pedestal, spec_of
from pydantic import TypeAdapter

from lmp.lab.truth.truth import AnyPredicate, judge
from lmp.schema.pose import Pose
from lmp.schema.scene_file import SceneFile
from lmp.sims.pybullet.pybullet_world import PyBulletWorld

ELSEWHERE = Pose.from_yaw((1.3, -0.8, 0.4), 2.2)

SENTENCES: dict[str, dict[str, Any]] = {
    "put the red block in the bowl": {"kind": "in", "object": "red_block", "reference": "bowl"},
    "move the mug 6 cm to the right": {"kind": "moved", "object": "mug", "direction": "right", "distance": 0.06},
    "push the yellow block 5 cm towards the robot": {
        "kind": "moved",
        "object": "yellow_block",
        "direction": "backward",
        "distance": 0.05,
    },
}


def assert_done(scene: SceneFile, sentence: str, truth: dict[str, Any], seed: int = 4) -> None:
    """Carried out without a recovery, verified, and true."""
    with PyBulletWorld.open(spec_of(scene, "pybullet", seed), PANDA) as world:
        done = carried_out(world, sentence)
    assert [found.outcome.value for found in done.verifications] == ["succeeded"] * len(done.subgoals)
    found = judge(TypeAdapter(AnyPredicate).validate_python(truth), done.before, done.after)
    assert found.holds, found.why


@pytest.mark.parametrize("sentence", SENTENCES)
def test_on_a_pedestal_turned_and_off_the_origin(sentence: str) -> None:
    assert_done(moved(on_pedestal(), ELSEWHERE), sentence, SENTENCES[sentence])


SPACE = {"lower": [0.2, -0.5, -0.3], "upper": [0.75, 0.5, 0.6]}


def block(name: str, colour: str, **place: Any) -> dict[str, Any]:
    shape = {"kind": "box", "size": [0.04, 0.04, 0.04]}
    return {"name": name, "category": "block", "colour": colour, "shape": shape, "place": place}


TWO_LEVELS = {
    "name": "two_levels",
    "workspace": SPACE,
    "floor": -0.6,
    "supports": [
        {"name": "bench", "category": "bench", "size": [0.5, 0.44], "centre": [0.5, -0.24, -0.1]},
        {"name": "shelf", "category": "shelf", "size": [0.4, 0.4], "centre": [0.5, 0.24, 0.08], "thickness": 0.03},
    ],
    "objects": [
        block("red_block", "red", on="bench", x=0.5, y=-0.15),
        block("blue_block", "blue", on="shelf", x=0.5, y=0.2),
    ],
}
ON_THE_FLOOR = {
    "name": "no_table",
    "workspace": {"lower": [0.2, -0.5, 0.0], "upper": [0.75, 0.5, 0.6]},
    "floor": 0.0,
    "supports": [],
    "objects": [block("red_block", "red", x=0.5, y=-0.15), block("blue_block", "blue", x=0.5, y=0.2)],
}
PLINTH = {
    "name": "plinth",
    "workspace": SPACE,
    "supports": [
        {"name": "plinth", "category": "plinth", "size": [0.4, 0.6], "centre": [0.5, 0.0, 0.1], "thickness": 0.5, "legs": False}
    ],
    "objects": [block("red_block", "red", x=0.5, y=-0.15), block("blue_block", "blue", x=0.5, y=0.2)],
}


@pytest.mark.parametrize(
    ("scene", "sentence", "truth"),
    [
        (TWO_LEVELS, "put the red block to the left of the blue block", {"kind": "left_of"}),
        (TWO_LEVELS, "put the blue block on the bench", {"kind": "on", "object": "blue_block", "reference": "bench"}),
        (ON_THE_FLOOR, "put the red block in front of the blue block", {"kind": "in_front_of"}),
        (PLINTH, "put the red block on the blue block", {"kind": "on"}),
    ],
)
def test_things_stand_on_anything_at_any_height(scene: dict[str, Any], sentence: str, truth: dict[str, Any]) -> None:
    truth = {"object": "red_block", "reference": "blue_block", **truth}
    assert_done(moved(SceneFile.model_validate(scene), Pose.from_yaw((0.3, 0.2, 0.1), -1.0)), sentence, truth, seed=0)
