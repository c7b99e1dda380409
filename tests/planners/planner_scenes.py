"""Scenes and the package's own skills for the planner's tests."""

from __future__ import annotations

import math

from lmp import registry
from lmp.schema.pose import Pose
from lmp.schema.scene import RobotState, Scene, SceneObject, Workspace
from lmp.schema.shape import Box, Cavity, Compound, Cylinder, Part, Sphere

WORKSPACE = Workspace(lower=(0.25, -0.45, 0.0), upper=(0.75, 0.45, 0.7))
ROBOT = RobotState(joint_names=("j1",), positions=(0.0,), velocities=(0.0,), gripper_width=0.08)


SKILLS = {name: registry.load("skill", name).spec for name in registry.SKILLS}


def block(
    name: str,
    colour: str | None,
    x: float,
    y: float,
    edge: float = 0.04,
    z: float = 0.0,
    category: str = "block",
    **more: object,
) -> SceneObject:
    pose = Pose(position=(x, y, z + edge / 2))
    return SceneObject(name=name, category=category, colour=colour, pose=pose, shape=Box(size=(edge, edge, edge)), **more)


def bowl(name: str = "bowl", colour: str = "white", x: float = 0.55, y: float = 0.25, radius: float = 0.09) -> SceneObject:
    wall = [
        Part(pose=Pose.from_yaw((radius * math.cos(a), radius * math.sin(a), 0.0), a), shape=Box(size=(0.006, 0.05, 0.06)))
        for a in (k * math.pi / 4 for k in range(8))
    ]
    floor = Part(pose=Pose(position=(0.0, 0.0, -0.027)), shape=Cylinder(radius=radius, height=0.006))
    cavity = Cavity(round=True, half_x=radius - 0.004, half_y=radius - 0.004, floor=-0.024, rim=0.03)
    return SceneObject(
        name=name,
        category="bowl",
        colour=colour,
        pose=Pose(position=(x, y, 0.03)),
        shape=Compound(parts=(floor, *wall)),
        cavities=(cavity,),
    )


def tray(name: str = "tray", colour: str = "grey", x: float = 0.5, y: float = -0.28) -> SceneObject:
    floor = Part(pose=Pose(position=(0.0, 0.0, -0.01)), shape=Box(size=(0.22, 0.16, 0.006)))
    walls = [
        Part(pose=Pose(position=(0.107, 0.0, 0.0)), shape=Box(size=(0.006, 0.16, 0.026))),
        Part(pose=Pose(position=(-0.107, 0.0, 0.0)), shape=Box(size=(0.006, 0.16, 0.026))),
        Part(pose=Pose(position=(0.0, 0.077, 0.0)), shape=Box(size=(0.22, 0.006, 0.026))),
        Part(pose=Pose(position=(0.0, -0.077, 0.0)), shape=Box(size=(0.22, 0.006, 0.026))),
    ]
    cavity = Cavity(round=False, half_x=0.1, half_y=0.072, floor=-0.007, rim=0.013)
    return SceneObject(
        name=name,
        category="tray",
        colour=colour,
        pose=Pose(position=(x, y, 0.013)),
        shape=Compound(parts=(floor, *walls)),
        cavities=(cavity,),
    )


def mug(name: str = "mug", colour: str = "white", x: float = 0.68, y: float = 0.05) -> SceneObject:
    body = Part(shape=Cylinder(radius=0.032, height=0.08))
    cavity = Cavity(round=True, half_x=0.026, half_y=0.026, floor=-0.035, rim=0.04)
    return SceneObject(
        name=name,
        category="mug",
        colour=colour,
        pose=Pose(position=(x, y, 0.04)),
        shape=Compound(parts=(body,)),
        cavities=(cavity,),
    )


def table() -> SceneObject:
    return SceneObject(
        name="table",
        category="table",
        colour=None,
        pose=Pose(position=(0.5, 0.0, -0.02)),
        shape=Box(size=(0.9, 1.2, 0.04)),
        role="support",
    )


def blocks() -> tuple[SceneObject, ...]:
    return (
        block("red_block", "red", 0.40, 0.10, 0.045),
        block("green_block", "green", 0.35, -0.05, 0.04),
        block("blue_block", "blue", 0.45, -0.12, 0.05),
        block("yellow_block", "yellow", 0.52, 0.06, 0.035),
    )


def distractors() -> tuple[SceneObject, ...]:
    return (
        SceneObject(
            name="can",
            category="can",
            colour="red",
            pose=Pose(position=(0.68, -0.12, 0.05)),
            shape=Cylinder(radius=0.028, height=0.1),
        ),
        SceneObject(
            name="banana",
            category="banana",
            colour="yellow",
            pose=Pose(position=(0.33, 0.33, 0.02)),
            shape=Box(size=(0.15, 0.035, 0.03)),
        ),
        SceneObject(
            name="ball", category="ball", colour="orange", pose=Pose(position=(0.66, 0.38, 0.03)), shape=Sphere(radius=0.03)
        ),
    )


def scene(*things: SceneObject) -> Scene:
    """The given things, or the usual table top."""
    usual = (*blocks(), bowl(), tray(), mug(), *distractors())
    return Scene(objects=(table(), *(things or usual)), T_world_base=Pose(), robot=ROBOT, workspace=WORKSPACE)
