"""The verifier's relations are no looser than the judge's, which share no code with them, wherever a thing may lie."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from hypothesis import assume, event, example, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

import lmp
from lmp.lab.truth.truth import AnyPredicate, judge
from lmp.lab.truth.truth_snapshot import Snapshot
from lmp.meaning.relations import free_distance, holds
from lmp.schema.condition import KnownCondition
from lmp.schema.episode import WorldObject
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.sims.oracle_perceiver import OraclePerceiver
from lmp.sims.scenes.loader import load_scene_file
from lmp.sims.world_report import world_report

CONDITION: TypeAdapter[Any] = TypeAdapter(KnownCondition)
PREDICATE: TypeAdapter[Any] = TypeAdapter(AnyPredicate)


@functools.lru_cache
def looks(seed: int) -> tuple[Scene, tuple[WorldObject, ...]]:
    with lmp.open_world("kinematic:tabletop", seed=seed) as world:
        return OraclePerceiver(world).perceive(world.observe()), world_report(world)  # type: ignore[arg-type]


def reported(thing: SceneObject) -> WorldObject:
    position, quaternion = thing.pose.position, thing.pose.quat_xyzw
    return WorldObject(
        name=thing.name, category=thing.category, colour=thing.colour, position=position, quaternion=quaternion,
        size=thing.size, touching=thing.touching or (),
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["between", "next_to", "left_of", "right_of", "in_front_of", "behind"])
@given(
    seed=st.integers(0, 3),
    name=st.sampled_from(["red_block", "can", "mug", "tray"]),
    others=st.permutations(["ball", "bowl", "blue_block", "yellow_block"]),
    share=st.floats(-0.3, 1.3),
    off=st.floats(-0.12, 0.12),
    up=st.sampled_from([0.0, 0.0, 0.0, 0.004, 0.012, 0.03]),
    yaw=st.floats(-3.1, 3.1),
)
@example(seed=1, name="can", others=["ball", "bowl", "blue_block", "yellow_block"], share=0.0, off=0.09375, up=0.0, yaw=-2.37)
@settings(max_examples=150)
def test_what_the_verifier_takes_is_true(
    kind: str, seed: int, name: str, others: list[str], share: float, off: float, up: float, yaw: float
) -> None:
    scene, before = looks(seed)
    first, second = (scene.get(other).centre for other in others[:2])
    spot = first[:2] + share * (second[:2] - first[:2]) + [off, -off]
    thing = scene.get(name)
    pose = Pose.from_yaw((float(spot[0]), float(spot[1]), thing.pose.position[2] + up), yaw)
    moved = thing.model_copy(update={"pose": pose, "touching": ("table",)})
    assume(all(free_distance(moved, scene.get(other)) > 0.0 for other in others[:2]))
    names = {"first": others[0], "second": others[1]} if kind == "between" else {"reference": others[0]}
    said = {"kind": kind, "object": name, **names}
    taken = holds(CONDITION.validate_python(said), scene.replacing(moved)).holds
    after = [reported(moved) if thing.name == name else thing for thing in before]
    file = load_scene_file("tabletop")
    found = judge(PREDICATE.validate_python(said), Snapshot(file, before), Snapshot(file, after))
    event(f"taken {taken}, true {found.holds}")
    assert found.holds or not taken, f"{said}: {found.why}"
