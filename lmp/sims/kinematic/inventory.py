"""The objects of a kinematic world: those of its scene, those that came, and those that were taken away."""

from __future__ import annotations

import math
from collections.abc import Iterable

from lmp.errors import BadFile, SetupFault, UnknownName
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.schema.scene_file import RESERVED, ObjectSpec
from lmp.sims.kinematic.body import Body
from lmp.sims.scenes.footprint import free_distance
from lmp.sims.scenes.ready_shapes import build_shape, built_object


class Inventory:
    """Bodies in the order in which they came.

    Args:
        objects: What objects stand on, and the scene's objects.

    Attributes:
        bodies: What is there.
        added: What came later, in order.
    """

    def __init__(self, objects: Iterable[SceneObject]):
        self.bodies = [Body(item) for item in objects]
        self.added: list[ObjectSpec] = []
        self._known = {body.name: body for body in self.bodies}

    def body(self, name: str) -> Body:
        """The body of that name.

        Raises:
            UnknownName: There is none.
        """
        for body in self.bodies:
            if body.name == name:
                return body
        raise UnknownName("object", name, [body.name for body in self.bodies])

    def add(self, spec: ObjectSpec, pose: Pose) -> None:
        """A new object.

        Raises:
            SetupFault: The name is taken, also by what is no longer there.
        """
        if spec.name in self._known or spec.name in RESERVED:
            raise SetupFault(f"There is something named {spec.name!r} already; a new object needs a name of its own.")
        body = Body(built_object(spec, pose, build_shape(spec)))
        self._known[spec.name] = body
        self.bodies.append(body)
        self.added.append(spec)

    def remove(self, name: str) -> None:
        """Takes an object away.

        Raises:
            UnknownName: It is not there.
        """
        self.bodies.remove(self.body(name))

    def become(self, added: tuple[ObjectSpec, ...], present: Iterable[str]) -> None:
        """Has the same objects as a saved world had; where they are is set afterwards.

        Raises:
            BadFile: The saved world has objects that this one has never had.
        """
        present = list(present)
        for spec in self.added:
            del self._known[spec.name]
        self.bodies = [body for body in self.bodies if body.name in self._known]
        self.added = []
        unknown = sorted(set(present) - set(self._known) - {spec.name for spec in added})
        twice = sorted({spec.name for spec in added} & set(self._known))
        if unknown or twice:
            here = ", ".join(sorted(self._known))
            raise BadFile("the saved world", [f"It has {', '.join([*unknown, *twice])}; the world has {here}."])
        for spec in added:
            self.add(spec, Pose())
        self.bodies = [self._known[name] for name in present]


def gaps(body: Body, others: Iterable[Body], within: float) -> dict[str, float]:
    """Distance of a body to each other one that is nearer than `within` [m]; negative where they overlap.

    Objects count as upright prisms over their outlines, so the distance is never too large; hollows count as filled.
    """
    found = {}
    for other in others:
        if other is body:
            continue
        aside, above = free_distance(body.outline, other.outline), max(body.bottom - other.top, other.bottom - body.top)
        apart = max(aside, above) if min(aside, above) <= 0.0 else math.hypot(aside, above)
        if apart < within:
            found[other.name] = apart
    return found
