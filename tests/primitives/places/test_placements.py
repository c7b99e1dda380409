from __future__ import annotations

import math

import numpy as np
import pytest
from compile_scenes import block, random_scene, standing, table_scene, tray
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lmp.meaning.conditions import (
    At,
    AtTarget,
    Behind,
    BesideTarget,
    Between,
    BetweenTarget,
    In,
    InFrontOf,
    InTarget,
    LeftOf,
    NextTo,
    On,
    OnTarget,
    RightOf,
)
from lmp.meaning.relations import holds
from lmp.primitives.places.footprints import gap, prisms
from lmp.primitives.places.placements import Placement, placements
from lmp.schema.condition import Condition, KnownTarget
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Box, Sphere

SIDES = {"left": LeftOf, "right": RightOf, "front": InFrontOf, "behind": Behind, "any": NextTo}


def put(scene: Scene, name: str, place: Placement) -> Scene:
    """The scene with the object at a place; contacts unknown, so that geometry decides."""
    thing = scene.get(name).model_copy(update={"pose": Pose.from_matrix(place.T_world_object), "touching": None, "held": False})
    return scene.replacing(thing)


def lifted(scene: Scene, name: str) -> Scene:
    """The scene with an object in the air, out of the way."""
    thing = scene.get(name)
    x, y, z = thing.pose.position
    pose = Pose(position=(x, y, z + 0.3), quat_xyzw=thing.pose.quat_xyzw)
    return scene.replacing(thing.model_copy(update={"pose": pose, "held": True}))


def overlaps(scene: Scene, name: str) -> list[str]:
    """Names of the things whose prisms an object is inside of."""
    own = prisms(scene.get(name))
    return [
        other.name
        for other in scene.objects
        if other.name != name
        for piece in prisms(other)
        for mine in own
        if gap(mine, piece) < 0 and min(mine.top, piece.top) - max(mine.bottom, piece.bottom) > 1e-6
    ]


def target_and_condition(draw: int, rng: np.random.Generator, names: list[str], scene: Scene) -> tuple[KnownTarget, Condition]:
    name, first, second = (str(each) for each in rng.permutation(names)[:3])
    match draw:
        case 0:
            side = str(rng.choice(list(SIDES)))
            return BesideTarget(reference=first, side=side), SIDES[side](object=name, reference=first)
        case 1:
            return BetweenTarget(first=first, second=second), Between(object=name, first=first, second=second)
        case 2:
            x, y = rng.uniform(0.3, 0.7), rng.uniform(-0.4, 0.4)
            return AtTarget(x=x, y=y), At(object=name, x=x, y=y, tolerance=0.005)
        case 3:
            return OnTarget(support="table"), On(object=name, support="table")
        case 4:
            container = next((n for n in (first, second) if scene.get(n).cavity), first)
            return InTarget(container=container), In(object=name, container=container)
        case _:
            return OnTarget(support=first), On(object=name, support=first)


@settings(max_examples=80)
@given(seed=st.integers(0, 10_000), kind=st.integers(0, 5))
@example(seed=2881, kind=0)
@example(seed=84, kind=0)
def test_a_placement_satisfies_its_relation_and_overlaps_nothing(seed: int, kind: int) -> None:
    scene = random_scene(seed)
    rng = np.random.default_rng(seed)
    names = [thing.name for thing in scene.objects if thing.movable]
    target, condition = target_and_condition(kind, rng, names, scene)
    name = condition.object
    for place in placements(lifted(scene, name).get(name), target, lifted(scene, name)):
        if not isinstance(place, Placement):
            assert place.message and place.code in ("no_free_place", "does_not_fit")
            continue
        after = put(scene, name, place)
        result = holds(condition, after)
        assert result.holds, (place.label, result.measured)
        assert overlaps(after, name) == []
        low, high = after.get(name).bounds
        assert (low[:2] >= np.array(scene.workspace.lower[:2])).all() and (
            high[:2] <= np.array(scene.workspace.upper[:2])
        ).all()


def places(thing: SceneObject, target: KnownTarget, *others: SceneObject) -> list[Placement]:
    found = placements(thing, target, table_scene(thing, *others))
    assert all(isinstance(each, Placement) for each in found), found
    return list(found)  # type: ignore[arg-type]


def test_stacking_is_centred_and_aligned() -> None:
    lower, upper = block("blue_block", 0.5, 0.1, 0.05, yaw=0.4), block("red_block", 0.4, -0.2, yaw=0.1)
    best = places(upper, OnTarget(support="blue_block"), lower)[0]
    assert best.T_world_object[:3, 3] == pytest.approx([0.5, 0.1, 0.07])
    turn = math.atan2(best.T_world_object[1, 0], best.T_world_object[0, 0]) - 0.4
    assert math.remainder(turn, math.pi / 2) == pytest.approx(0.0, abs=1e-9)


def test_a_tilt_in_the_hand_is_levelled_out() -> None:
    tilted = block("red_block", 0.4, -0.2).model_copy(
        update={"pose": Pose(position=(0.4, -0.2, 0.2), quat_xyzw=(math.sin(0.05), 0.0, 0.0, math.cos(0.05))), "held": True}
    )
    best = places(tilted, AtTarget(x=0.5, y=0.0))[0]
    assert best.T_world_object[2, 2] == pytest.approx(1.0)
    assert best.T_world_object[2, 3] == pytest.approx(0.02)


def test_nothing_stands_on_a_ball() -> None:
    ball = standing("ball", Sphere(radius=0.03), 0.5, 0.1)
    (violation,) = placements(
        block("red_block", 0.4, -0.2), OnTarget(support="ball"), table_scene(ball, block("red_block", 0.4, -0.2))
    )
    assert violation.code == "does_not_fit"
    assert violation.object == "ball"


def test_a_ball_is_not_put_on_a_block() -> None:
    ball, lower = standing("ball", Sphere(radius=0.02), 0.5, 0.1), block("blue_block", 0.4, 0.2)
    (violation,) = placements(ball, OnTarget(support="blue_block"), table_scene(ball, lower))
    assert violation.code == "does_not_fit"


def test_a_gap_that_is_too_narrow_is_refused_with_both_widths() -> None:
    thing = block("red_block", 0.4, -0.3)
    a, b = block("a_block", 0.5, 0.0), block("b_block", 0.5, 0.07)
    (violation,) = placements(thing, BetweenTarget(first="a_block", second="b_block"), table_scene(thing, a, b))
    assert violation.code == "does_not_fit"
    assert violation.limit == pytest.approx(0.03)
    assert violation.value == pytest.approx(0.04 + 0.012)


def test_a_plank_does_not_go_into_a_tray() -> None:
    plank, container = standing("plank", Box(size=(0.25, 0.02, 0.02)), 0.4, -0.3), tray("tray", 0.5, 0.2)
    (violation,) = placements(plank, InTarget(container="tray"), table_scene(plank, container))
    assert violation.code == "does_not_fit"
    assert violation.value is not None and violation.value > 0.0


def test_a_full_tray_is_heaped_as_long_as_its_rim_holds() -> None:
    flat = [standing(f"slab_{k}", Box(size=(0.07, 0.11, 0.01)), 0.5, 0.2) for k in range(2)]
    container = tray("tray", 0.5, 0.2)
    floor = 0.005
    lying = [
        slab.model_copy(update={"pose": Pose(position=(0.5 + dx, 0.2, floor + 0.005))})
        for slab, dx in zip(flat, (-0.037, 0.037), strict=True)
    ]
    thing = block("red_block", 0.3, -0.2, 0.03)
    best = places(thing, InTarget(container="tray"), container, *lying)[0]
    assert best.T_world_object[2, 3] == pytest.approx(floor + 0.01 + 0.015)
    after = put(table_scene(container, *lying, thing), "red_block", best)
    assert holds(In(object="red_block", container="tray"), after).holds


def test_what_is_in_the_way_is_named() -> None:
    thing, other = block("red_block", 0.4, -0.3), standing("ball", Sphere(radius=0.03), 0.6, 0.2)
    (violation,) = placements(thing, AtTarget(x=0.63, y=0.23), table_scene(thing, other))
    assert violation.code == "no_free_place"
    assert violation.object == "ball"


def test_what_can_be_moved_out_of_the_way_is_named_before_what_the_place_is_told_by() -> None:
    thing, left, right = (
        block("red_block", 0.4, -0.3),
        block("blue_block", 0.5, 0.08, 0.05),
        block("green_block", 0.5, -0.08, 0.05),
    )
    target = BetweenTarget(first="blue_block", second="green_block")
    assert isinstance(places(thing, target, left, right)[0], Placement)
    (violation,) = placements(thing, target, table_scene(thing, left, right, block("box", 0.505, 0.005, 0.03)))
    assert (violation.code, violation.object) == ("no_free_place", "box")


@pytest.mark.parametrize(
    "target",
    [
        OnTarget(support="cup"),
        InTarget(container="cup"),
        BesideTarget(reference="cup"),
        BetweenTarget(first="cup", second="red_block"),
    ],
)
def test_unknown_names_and_the_thing_itself_are_refused_together(target: KnownTarget) -> None:
    thing = block("red_block", 0.4, -0.3)
    found = placements(thing, target, table_scene(thing))
    assert found[0].code == "unknown_object"
    assert "red_block" in found[0].hint
    assert len(found) == (2 if isinstance(target, BetweenTarget) else 1)
