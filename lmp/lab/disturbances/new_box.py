"""A grey box that was not there before."""

from __future__ import annotations

from lmp.schema.pose import Pose
from lmp.schema.scene import Role
from lmp.schema.scene_file import ObjectSpec
from lmp.schema.shape import Box
from lmp.sims.scenes.engines import scene_of
from lmp.stages import Disturbable

DENSITY = 400.0
"""Of light wood [kg/m^3]."""


def add_box(world: Disturbable, size: tuple[float, float, float], pose: Pose, *, role: Role = "movable") -> str:
    """Puts a box there; returns its name."""
    taken = {spec.name for spec in scene_of(world.spec).objects} | {item.name for item in world.scene().objects}
    names = ("box", *(f"box_{number}" for number in range(2, 1000)))
    name = next(name for name in names if name not in taken)
    mass = DENSITY * size[0] * size[1] * size[2]
    spec = ObjectSpec(name=name, category="box", colour="grey", shape=Box(size=size), mass=mass, role=role)
    world.add_object(spec, pose)
    return name
