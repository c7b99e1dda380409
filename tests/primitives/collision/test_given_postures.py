"""What is given to a collision check is of the right shape and finite, or refused in words: it never counts as free."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from panda_arm import PANDA, TABLE, collision_model, kinematics, scene, thing

from lmp.errors import UnknownName
from lmp.primitives.collision.collisions import CollisionModel
from lmp.primitives.collision.given_postures import SLACK
from lmp.primitives.collision.scene_collisions import SceneCollisions
from lmp.schema.pose import Pose
from lmp.schema.shape import Box

REST = np.array(PANDA.rest)
WAYS = ("free", "check_path", "least")


@cache
def world() -> SceneCollisions:
    return collision_model().with_scene(scene(TABLE, thing("block", Box(size=(0.04, 0.04, 0.04)), Pose())))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "qs", [0.3, [0.3], [[0.3]], np.zeros((3, 1)), REST, np.zeros((0, 7)), np.zeros((2, 8)), np.zeros((1, 2, 7))]
)
def test_many_postures_of_another_shape_are_refused(way: str, qs: Any) -> None:
    with pytest.raises(ValueError, match=r"have shape .*, expected \(n, 7\) with one posture at least"):
        getattr(world(), way)(qs, 0.04)


@pytest.mark.parametrize("q", [0.3, [0.3], REST[None], np.zeros(8), np.zeros(0)])
def test_one_posture_of_another_shape_is_refused(q: Any) -> None:
    with pytest.raises(ValueError, match=r"have shape .*, expected \(7,\)"):
        world().check(q, 0.04)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused(value: float) -> None:
    for joint in range(7):
        q = np.where(np.arange(7) == joint, value, REST)
        with pytest.raises(ValueError, match="finite"):
            world().check(q, 0.04)
        for way in WAYS:
            with pytest.raises(ValueError, match="finite"):
                getattr(world(), way)([REST, q], 0.04)
    T = np.eye(4)
    T[1, 3] = value
    with pytest.raises(ValueError, match="T_tool_object has to be finite"):
        collision_model().with_scene(scene(TABLE), held="table", T_tool_object=T)
    with pytest.raises(ValueError, match=r"T_tool_object has shape \(3, 4\), expected \(4, 4\)"):
        collision_model().with_scene(scene(TABLE), held="table", T_tool_object=T[:3])


@pytest.mark.parametrize("width", [np.nan, np.inf, -np.inf, -0.01, 0.09, 8])
def test_a_width_that_the_gripper_does_not_have_is_refused(width: float) -> None:
    with pytest.raises(ValueError, match=r"widths of 'panda' lie in \[0, 0.08\] m"):
        world().check(REST, width)
    for way in WAYS:
        for widths in (width, [0.04, width]):
            with pytest.raises(ValueError, match=r"widths of 'panda' lie in \[0, 0.08\] m"):
                getattr(world(), way)([REST, REST], widths)


def test_a_width_that_was_measured_a_little_beyond_the_ends_is_taken() -> None:
    for width in (-0.9 * SLACK, 0, np.float32(0.08), PANDA.max_width + 0.9 * SLACK):
        assert world().check(REST, width) == ()
        assert world().free([REST, REST], [width, 0.04]).all()


def test_widths_are_one_or_one_a_posture() -> None:
    for widths in ([0.04], [0.04] * 3, [[0.04, 0.04]]):
        with pytest.raises(ValueError, match=r"widths have shape .*, expected \(\) or \(2,\)"):
            world().free([REST, REST], widths)
    with pytest.raises(ValueError, match=r"one number, got shape \(2,\)"):
        world().check(REST, [0.04, 0.04])  # type: ignore[arg-type]


def test_a_robot_without_a_gripper_takes_any_finite_width() -> None:
    bare = CollisionModel(PANDA.model_copy(update={"gripper": None})).alone()
    bare.check(REST, 0.08), bare.free([REST], 0.08)
    with pytest.raises(ValueError, match="widths"):
        bare.check(REST, np.nan)


@pytest.mark.parametrize("pair", [200, -1, 21, 1.0, True, "a"])
def test_a_pair_that_is_not_measured_is_refused(pair: Any) -> None:
    alone = collision_model().alone()
    assert len(alone.pairs) == 21
    with pytest.raises(ValueError, match="pair is a whole number from 0 to 20, got"):
        alone.least([REST], 0.08, pair=pair)
    assert alone.least([REST], 0.08, pair=np.int64(20))[0] == alone.least([REST], 0.08)[0][20]


@pytest.mark.parametrize("horizon", [0.0, -1.0, np.nan, np.inf])
def test_a_horizon_is_above_nothing_and_finite(horizon: float) -> None:
    with pytest.raises(ValueError, match="horizon has to be above 0 m and finite"):
        world().least([REST], 0.08, horizon)


@pytest.mark.parametrize(
    "contacts",
    [
        [["panda_hand", "block"]],
        (["panda_hand", "block"],),
        [("panda_hand", "block")],
        np.array([["block", "panda_hand"]]),
        iter([("panda_hand", "block")]),
    ],
)
def test_pairs_that_may_touch_can_be_lists(contacts: Any) -> None:
    place = Pose.from_matrix(kinematics().forward(REST)) @ Pose(position=(0.0, 0.0, -0.1))
    here = collision_model().with_scene(scene(thing("block", Box(size=(0.01, 0.01, 0.01)), place)))
    assert ("panda_hand", "block") in {(contact.a, contact.b) for contact in here.check(REST, 0.08)}
    assert ("panda_hand", "block") not in {(contact.a, contact.b) for contact in here.check(REST, 0.08, contacts)}


CALLS: list[Callable[[Any], Any]] = [
    lambda pairs: world().check(REST, 0.08, pairs),
    lambda pairs: world().free([REST], 0.08, pairs),
    lambda pairs: world().check_path([REST], 0.08, pairs),
]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "pairs", ["fingers", ["fingers"], ["ab"], ("fingers", "block"), [("fingers",)], [(1, 2)], None, 3, [None]]
)
def test_what_is_no_pair_of_names_is_refused(call: Callable[[Any], Any], pairs: Any) -> None:
    with pytest.raises(ValueError, match="contacts are pairs of two names each"):
        call(pairs)


def test_a_misspelt_name_is_refused_in_a_list_as_well() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'fingers'"):
        world().check(REST, 0.08, [["fingerz", "block"]])  # type: ignore[list-item]
