"""The objects of a PyBullet world: those of its scene file, those that came, and those that were taken away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from lmp.errors import BadFile, SetupFault, UnknownName
from lmp.schema.pose import Pose
from lmp.schema.scene_file import RESERVED, ObjectSpec
from lmp.sims.pybullet.body import Body
from lmp.sims.pybullet.engine import Engine
from lmp.sims.scenes.built_shape import BuiltShape
from lmp.sims.scenes.loader import rgb_of
from lmp.sims.scenes.ready_shapes import build_shape

PARKED = (-9.5, -9.5, 5.0)
"""Place of removed objects, out of every camera's sight [m]; they stay in the engine, so that saved states fit."""
PARKING_SPACE = 0.25
"""Distance of one parked object from the next along y [m]."""


class Inventory:
    """Bodies by name, in the order in which they came.

    What is taken away is parked far off and held there: the engine's saved states count bodies in their order.

    Args:
        engine: The engine.
        specs: The scene file's objects.
        poses: Where they start.
        taken: Names of the furniture, which no object may have.

    Attributes:
        added: What came later, in order.
        absent: Names of what was taken away.
        frictions: Friction coefficients that differ from their specification, with the ticks that they last; None for ever.
    """

    def __init__(self, engine: Engine, specs: Iterable[ObjectSpec], poses: Mapping[str, Pose], taken: Iterable[str] = ()):
        self._engine, self._taken = engine, {*RESERVED, *taken}
        self._specs: dict[str, ObjectSpec] = {}
        self._built: dict[str, BuiltShape] = {}
        self._bodies: dict[str, Body] = {}
        self.added: list[ObjectSpec] = []
        self.absent: set[str] = set()
        self.frictions: dict[str, tuple[float, int | None]] = {}
        for spec in specs:
            self._load(spec, poses[spec.name])

    def __iter__(self) -> Iterator[ObjectSpec]:
        """Iterate over the objects that are there, as specified."""
        return (spec for name, spec in self._specs.items() if name not in self.absent)

    @property
    def names(self) -> dict[int, str]:
        """Names of what is there by the engine's numbers."""
        return {body.uid: name for name, body in self._bodies.items() if name not in self.absent}

    def body(self, name: str) -> Body:
        """The body of that name.

        Raises:
            UnknownName: There is none.
        """
        if name not in self._bodies or name in self.absent:
            raise UnknownName("object", name, [spec.name for spec in self])
        return self._bodies[name]

    def built(self, name: str) -> BuiltShape:
        """Its shape with all that belongs to it."""
        return self._built[name]

    def add(self, spec: ObjectSpec, pose: Pose) -> None:
        """A new object.

        Raises:
            SetupFault: The name is taken, also by what is no longer there.
        """
        if spec.name in self._specs or spec.name in self._taken:
            raise SetupFault(f"There is something named {spec.name!r} already; a new object needs a name of its own.")
        self._load(spec, pose)
        self.added.append(spec)

    def remove(self, name: str) -> None:
        """Takes an object away.

        Raises:
            UnknownName: It is not there.
        """
        self.body(name)
        self.absent.add(name)
        self._park()

    def set_friction(self, name: str, coefficient: float, ticks: int | None = None) -> None:
        """Sets an object's Coulomb coefficient [dimensionless] for some ticks, or for ever.

        Raises:
            UnknownName: It is not there.
        """
        self.body(name).set_friction(coefficient)
        self.frictions[name] = (coefficient, ticks)

    def ticked(self) -> None:
        """One control tick is over."""
        self._park()
        for body in self._sprung:
            body.pull()
        for name, (coefficient, ticks) in list(self.frictions.items()):
            if ticks is None:
                continue
            if ticks <= 1:
                self._restore_friction(name)
            else:
                self.frictions[name] = (coefficient, ticks - 1)

    def become(
        self, added: tuple[ObjectSpec, ...], absent: Iterable[str], frictions: Mapping[str, tuple[float, int | None]]
    ) -> None:
        """Has the same objects as a saved world had; where they are is set afterwards.

        Raises:
            BadFile: An object of the saved world does not fit into this one.
        """
        same = 0
        while same < min(len(added), len(self.added)) and added[same] == self.added[same]:
            same += 1
        for spec in reversed(self.added[same:]):
            self._unload(spec.name)
        del self.added[same:]
        for spec in added[same:]:
            if spec.name in self._specs:
                raise BadFile("the saved state", [f"It has a second object named {spec.name!r}."])
            self._load(spec, Pose(position=PARKED))
            self.added.append(spec)
        unknown = sorted({*absent, *frictions} - set(self._specs))
        if unknown:
            raise BadFile("the saved state", [f"It tells of {', '.join(unknown)}, which this world has never had."])
        self.absent = set(absent)
        for name in list(self.frictions):
            self._restore_friction(name)
        for name, (coefficient, ticks) in frictions.items():
            self._bodies[name].set_friction(coefficient)
            self.frictions[name] = (coefficient, ticks)

    def _load(self, spec: ObjectSpec, pose: Pose) -> None:
        self._specs[spec.name], self._built[spec.name] = spec, build_shape(spec)
        with tempfile.TemporaryDirectory(prefix="lmp-bodies-") as folder:
            self._bodies[spec.name] = Body(self._engine, Path(folder), spec, self._built[spec.name], rgb_of(spec), pose)

    @property
    def _sprung(self) -> list[Body]:
        """Bodies with a spring that has more than one rest, of which the nearest pulls."""
        built = self._built.items()
        return [self._bodies[name] for name, one in built if any(len(cost.rests) > 1 for cost in one.costs.values())]

    def _unload(self, name: str) -> None:
        self._engine.removeBody(self._bodies.pop(name).uid)
        del self._specs[name], self._built[name]
        self.absent.discard(name)
        self.frictions.pop(name, None)

    def _restore_friction(self, name: str) -> None:
        self._bodies[name].set_friction(self._specs[name].friction)
        del self.frictions[name]

    def _park(self) -> None:
        for name in self.absent:
            x, y, z = PARKED
            place = list(self._bodies).index(name) * PARKING_SPACE
            self._bodies[name].move(Pose(position=(x, y + place, z)))
