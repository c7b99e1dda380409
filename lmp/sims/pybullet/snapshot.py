"""The state of a PyBullet world as one file that a new process can restore."""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path
from typing import Annotated, Protocol, Self

import numpy as np
from pydantic import Field, StringConstraints, ValidationError

from lmp.errors import BadFile
from lmp.schema.base import FloatArray, Model, Name, Text
from lmp.schema.scene_file import ObjectSpec, SceneFile
from lmp.schema.world_spec import WorldSpec
from lmp.sims.pybullet.engine import Engine
from lmp.sims.pybullet.inventory import Inventory
from lmp.sims.pybullet.pybullet_robot import PyBulletRobot


class Savable(Protocol):
    """The names of a PyBullet world and the part of it that changes."""

    spec: WorldSpec
    ticks: int
    disturbances: list[str]
    inventory: Inventory
    rate_hz: float
    scene_file: SceneFile
    engine: Engine
    robot: PyBulletRobot


class Snapshot(Model):
    """Everything that changes.

    The engine's own file holds positions, velocities and contacts. It does not hold what the motors were told, so that is here.

    Attributes:
        bodies: The objects of the scene file.
        disturbances: What was done to the world on purpose.
        added: Objects that came later.
        absent: Objects that were taken away.
        bullet: The engine's file in base64.
    """

    scene: Name
    seed: Annotated[int, Field(ge=0, description="seed of the world [count]")]
    bodies: tuple[Name, ...] = Field(max_length=256)
    ticks: Annotated[int, Field(ge=0, description="control ticks since the start [count]")]
    disturbances: tuple[Text, ...] = Field(default=(), max_length=1000)
    added: tuple[ObjectSpec, ...] = Field(default=(), max_length=256)
    absent: tuple[Name, ...] = Field(default=(), max_length=256)
    frictions: dict[Name, tuple[Annotated[float, Field(ge=0.0)], int | None]] = Field(
        default_factory=dict, description="changed friction coefficients [dimensionless] and the ticks that they last [count]"
    )
    rate_hz: float = Field(gt=0.0, description="control ticks a second [Hz]")
    targets: FloatArray = Field(description="commanded joint positions [rad]")
    width: float = Field(ge=0.0, description="commanded distance between the fingers [m]")
    force: float = Field(ge=0.0, description="commanded grasp force [N]")
    bullet: Annotated[str, StringConstraints(max_length=100_000_000)]

    @classmethod
    def of(cls, world: Savable) -> Self:
        """The state of a world."""
        with tempfile.TemporaryDirectory(prefix="lmp-state-") as folder:
            file = Path(folder) / "state.bullet"
            world.engine.saveBullet(str(file))
            content = file.read_bytes()
        return cls(
            scene=world.scene_file.name,
            seed=world.spec.seed,
            bodies=tuple(spec.name for spec in world.scene_file.objects),
            ticks=world.ticks,
            disturbances=tuple(world.disturbances),
            added=tuple(world.inventory.added),
            absent=tuple(sorted(world.inventory.absent)),
            frictions=world.inventory.frictions,
            rate_hz=world.rate_hz,
            targets=world.robot.targets,
            width=world.robot.width,
            force=world.robot.force,
            bullet=base64.b64encode(content).decode(),
        )

    def write(self, path: Path) -> None:
        """Writes the file; a broken write leaves the old one whole."""
        part = path.with_name(path.name + ".part")
        part.write_text(self.model_dump_json())
        part.replace(path)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The state in a file.

        Raises:
            BadFile: It cannot be read, or is not such a state.
        """
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise BadFile(str(path), [f"It is not the saved state of a PyBullet world: {error}."]) from error

    def apply(self, world: Savable) -> None:
        """Puts a world of the same objects and robot into this state.

        Raises:
            BadFile: The world is another one.
        """
        names = tuple(spec.name for spec in world.scene_file.objects)
        here = (names, len(world.robot.targets), world.rate_hz)
        if here != (self.bodies, len(self.targets), self.rate_hz):
            raise BadFile(
                "the saved state", [f"It is of scene {self.scene!r} with {', '.join(self.bodies)}; this world differs."]
            )
        world.inventory.become(self.added, self.absent, self.frictions)
        with tempfile.TemporaryDirectory(prefix="lmp-state-") as folder:
            file = Path(folder) / "state.bullet"
            file.write_bytes(base64.b64decode(self.bullet))
            world.engine.restoreState(fileName=str(file))
        world.ticks, world.disturbances = self.ticks, list(self.disturbances)
        world.robot.targets = np.array(self.targets)
        world.robot.width, world.robot.force = self.width, self.force
