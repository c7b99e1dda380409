"""One arrangement of objects, said in the robot's frame, in worlds that lie elsewhere, are turned, and have turned supports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from lmp.lab.truth.truth import AnyPredicate, Finding, judge
from lmp.lab.truth.truth_snapshot import Snapshot
from lmp.meaning.relations import holds
from lmp.schema.condition import CONDITIONS, KnownCondition
from lmp.schema.pose import Pose
from lmp.schema.scene import RobotState, Scene, SceneObject
from lmp.schema.scene_file import SceneFile
from lmp.sims.scenes.ready_shapes import build_shape
from lmp.sims.scenes.supports import support_objects
from lmp.sims.world_report import reported

CONDITION: TypeAdapter[Any] = TypeAdapter(KnownCondition)
PREDICATE: TypeAdapter[Any] = TypeAdapter(AnyPredicate)
ROBOT = RobotState(joint_names=("j",), positions=(0.0,), velocities=(0.0,), gripper_width=0.08)


def _spec(name: str, kind: str, **shape: Any) -> dict[str, Any]:
    return {"name": name, "category": name, "shape": {"kind": kind, **shape}}


FILE = SceneFile.model_validate(
    {
        "name": "arranged",
        "workspace": {"lower": [0.2, -0.5, 0.0], "upper": [0.75, 0.5, 0.7]},
        "floor": -0.5,
        "supports": [
            {"name": "table", "category": "table", "size": [0.9, 1.2], "centre": [0.5, 0.0, 0.0]},
            {"name": "shelf", "category": "shelf", "size": [0.24, 0.3], "centre": [0.55, 0.3, 0.12], "thickness": 0.03},
        ],
        "objects": [
            _spec("block", "box", size=[0.04, 0.04, 0.04]),
            _spec("plank", "box", size=[0.12, 0.03, 0.05]),
            _spec("post", "box", size=[0.03, 0.03, 0.1]),
            _spec("can", "cylinder", radius=0.03, height=0.09),
            _spec("ball", "sphere", radius=0.024),
            _spec("mug", "mug", inner_radius=0.031, height=0.072, wall=0.004, handle=0.022),
            _spec("bowl", "bowl", inner_radius=0.075, height=0.042, wall=0.005, lean=0.2),
            _spec("tray", "tray", inner_size=[0.2, 0.16], height=0.03, wall=0.006),
            {
                **_spec("cabinet", "drawer_cabinet", size=[0.20, 0.24, 0.15], drawers=2, travel=0.13),
                "role": "fixture",
                "joints": {"top_drawer": 0.1},
            },
        ],
    }
)
"""A table and a shelf, the base at the origin."""
NAMES = tuple(spec.name for spec in FILE.objects)
SHAPES = {spec.name: build_shape(spec) for spec in FILE.objects}


def elsewhere(x: float, y: float, z: float, yaw: float) -> SceneFile:
    """The scene with all that is in it, the arm too, moved and turned in the world."""
    return FILE.model_copy(update={"T_world_scene": Pose.from_yaw((x, y, z), yaw)})


def seen_turned(x: float, y: float, yaw: float, height: float = 0.0) -> SceneFile:
    """The scene with the arm elsewhere in it, on a pedestal, turned; the supports are turned against it."""
    supports = tuple(each.model_copy(update={"yaw": 0.3 * index + 0.4}) for index, each in enumerate(FILE.supports))
    base = Pose.from_yaw((x, y, height), yaw)
    space = FILE.workspace.model_copy(update={"T_world_workspace": Pose.from_yaw((0.5, 0.1, 0.0), 0.5)})
    space = space.model_copy(update={"lower": (-0.3, -0.4, 0.0), "upper": (0.3, 0.4, 0.7)})
    return FILE.model_copy(update={"supports": supports, "T_scene_base": base, "workspace": space})


PLACES: dict[str, SceneFile] = {
    "here": FILE,
    "elsewhere": elsewhere(1.3, -0.8, 0.4, 2.2),
    "half a turn": elsewhere(-0.6, 0.2, -0.3, 3.1),
    "turned arm": seen_turned(0.9, 0.5, 2.4),
    "pedestal": seen_turned(0.1, -0.2, 0.6, 0.25).model_copy(update={"T_world_scene": Pose.from_yaw((0.4, 1.0, 0.2), -1.1)}),
}
"""Worlds by what is odd about them."""


@dataclass(frozen=True)
class Arranged:
    """What the verifier sees and what the judge sees.

    Attributes:
        file: The scene file.
        scene: The scene that a perfect perceiver gives.
        world: The world as it reports itself.
    """

    file: SceneFile
    scene: Scene
    world: Snapshot

    def taken(self, said: dict[str, Any]) -> Any:
        """What the verifier says of a condition."""
        return holds(CONDITION.validate_python(said), self.scene)

    def true(self, said: dict[str, Any], before: Arranged | None = None) -> Finding:
        """What the judge says of a predicate."""
        return judge(PREDICATE.validate_python(said), (before or self).world, self.world)


def thing(name: str, pose: Pose, touching: Iterable[str] = ("table",), joints: dict[str, float] | None = None) -> SceneObject:
    """An object at a pose in the scene's frame."""
    spec = next(spec for spec in FILE.objects if spec.name == name)
    built = SHAPES[name]
    item = SceneObject(
        name=name,
        category=spec.category,
        pose=pose,
        shape=built.shape,
        cavities=built.cavities,
        handles=built.handles,
        role=spec.role,
        touching=tuple(touching),
    )
    return item.with_joints(dict(joints)) if joints else item


def standing(
    name: str, x: float, y: float, yaw: float = 0.0, tilt: float = 0.0, ground: float = 0.0, **more: Any
) -> SceneObject:
    """An object whose lowest point is at a height over the table, turned and tilted about its x axis."""
    turn = Pose.from_yaw((0.0, 0.0, 0.0), yaw) @ Pose(quat_xyzw=(np.sin(tilt / 2), 0.0, 0.0, np.cos(tilt / 2)))
    lying = thing(name, turn, **more)
    height = ground + lying.extent(np.array([0.0, 0.0, -1.0]))
    return lying.model_copy(update={"pose": turn.model_copy(update={"position": (x, y, height)})})


def arranged(file: SceneFile, *items: SceneObject) -> Arranged:
    """These objects, whose poses are in the scene's frame, in the world of a scene file."""
    placed = tuple(item.model_copy(update={"pose": file.T_world_scene @ item.pose}) for item in items)
    scene = Scene(
        objects=(*support_objects(file), *placed),
        T_world_base=file.T_world_base,
        robot=ROBOT,
        workspace=file.world_workspace,
    )
    return Arranged(file, scene, Snapshot(file, reported(placed)))


def fields_of(kind: str) -> set[str]:
    """The fields of a condition."""
    return set(CONDITIONS[kind].model_fields) - {"kind"}
