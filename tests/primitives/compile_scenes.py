"""Scenes with a Panda, a table and things on it, and a compiler with all skills, for tests of skills and the compiler."""

from __future__ import annotations

from functools import cache

import numpy as np
from panda_arm import PANDA, TABLE

from lmp.primitives.compiler.ranking_compiler import RankingCompiler
from lmp.primitives.compiler.world_model import SkillWorldModel
from lmp.primitives.places.footprints import gap, outline
from lmp.primitives.skills.home import HOME
from lmp.primitives.skills.pick import PICK
from lmp.primitives.skills.place import PLACE
from lmp.primitives.skills.push import PUSH
from lmp.schema.pose import Pose
from lmp.schema.scene import RobotState, Scene, SceneObject, Workspace
from lmp.schema.shape import Box, Cavity, Compound, Cylinder, Part, Shape, Sphere

WORKSPACE = Workspace(lower=(0.2, -0.55, -0.01), upper=(0.8, 0.55, 0.8))


@cache
def compiler() -> RankingCompiler:
    return RankingCompiler(PANDA, {"pick": PICK, "place": PLACE, "push": PUSH, "home": HOME})


@cache
def world_model() -> SkillWorldModel:
    return SkillWorldModel(compiler())


def standing(name: str, shape: Shape, x: float, y: float, yaw: float = 0.0, cavity: Cavity | None = None) -> SceneObject:
    """A thing that stands on the table. Its shape's frame is in its middle."""
    height = shape.support(np.array([0.0, 0.0, -1.0]))
    pose = Pose.from_yaw((x, y, height), yaw)
    category = name.split("_")[-1]
    return SceneObject(
        name=name, category=category, shape=shape, pose=pose, cavities=() if cavity is None else (cavity,), touching=("table",)
    )


def block(name: str, x: float, y: float, size: float = 0.04, yaw: float = 0.0) -> SceneObject:
    return standing(name, Box(size=(size, size, size)), x, y, yaw)


def tray(name: str, x: float, y: float, yaw: float = 0.0, inner: tuple[float, float] = (0.16, 0.12)) -> SceneObject:
    """An open box with walls 5 mm thick and 25 mm high over its floor of 5 mm."""
    wall, rise = 0.005, 0.025
    ix, iy = inner
    parts = [Part(pose=Pose(position=(0.0, 0.0, -rise / 2)), shape=Box(size=(ix + 2 * wall, iy + 2 * wall, wall)))]
    for side in (-1.0, 1.0):
        across = Box(size=(wall, iy + 2 * wall, rise))
        parts.append(Part(pose=Pose(position=(side * (ix + wall) / 2, 0.0, wall / 2)), shape=across))
        parts.append(Part(pose=Pose(position=(0.0, side * (iy + wall) / 2, wall / 2)), shape=Box(size=(ix, wall, rise))))
    floor, rim = -rise / 2 + wall / 2, rise / 2 + wall / 2
    cavity = Cavity(round=False, half_x=ix / 2, half_y=iy / 2, floor=floor, rim=rim)
    return standing(name, Compound(parts=tuple(parts)), x, y, yaw, cavity)


def table_scene(*things: SceneObject, q: tuple[float, ...] = PANDA.rest) -> Scene:
    robot = RobotState(joint_names=PANDA.joint_names, positions=q, velocities=(0.0,) * len(q), gripper_width=0.08)
    table = TABLE.model_copy(update={"role": "support", "touching": tuple(thing.name for thing in things)})
    return Scene(objects=(table, *things), T_world_base=Pose(), robot=robot, workspace=WORKSPACE)


def holding(scene: Scene, name: str) -> Scene:
    """The scene after a pick, as the world model predicts it, taken for what was seen."""
    primitive = PICK.spec.parameters.model_validate({"kind": "pick", "object": name})
    trajectory = compiler().compile(primitive, scene)
    assert trajectory.kind == "trajectory", str(trajectory)
    return world_model().predict(primitive, scene, trajectory).model_copy(update={"predicted": False})


def random_scene(seed: int, count: int = 5) -> Scene:
    """Things of all kinds that stand apart from each other on the table."""
    rng = np.random.default_rng(seed)
    things: list[SceneObject] = []
    while len(things) < count:
        x, y, yaw = rng.uniform(0.3, 0.68), rng.uniform(-0.38, 0.38), rng.uniform(-np.pi, np.pi)
        name = f"thing_{len(things)}"
        kind = rng.integers(5)
        if kind == 0:
            thing = standing(name, Cylinder(radius=rng.uniform(0.015, 0.036), height=rng.uniform(0.03, 0.1)), x, y, yaw)
        elif kind == 1:
            thing = standing(name, Sphere(radius=rng.uniform(0.015, 0.035)), x, y, yaw)
        elif kind == 2:
            thing = tray(name, x, y, yaw)
        else:
            thing = standing(name, Box(size=tuple(rng.uniform(0.02, 0.07, 3))), x, y, yaw)
        if all(gap(outline(thing), outline(other)) > 0.03 for other in things):
            things.append(thing)
    return table_scene(*things)
