"""What a world has to offer to be disturbed: hands that reach into it from outside."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from lmp.schema.pose import Pose
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import RobotState, SceneObject, Workspace
from lmp.schema.scene_file import ObjectSpec, SceneFile
from lmp.schema.shape import Box


class DescribedRobot(Protocol):
    """A robot that tells what it is and how it stands."""

    @property
    def description(self) -> RobotDescription: ...

    def get_observation(self) -> RobotState: ...


@runtime_checkable
class Disturbable(Protocol):
    """A world whose objects can be moved, thrown, added and taken away by hand.

    Attributes:
        seed: Seed of what strikes, and when and where.
        ticks: Control ticks since the start.
        disturbances: What was done so far, in words; a part of the saved state.
        has_forces: False for a world without friction and contact forces.
    """

    seed: int
    ticks: int
    disturbances: list[str]
    has_forces: bool

    @property
    def robot(self) -> DescribedRobot: ...

    @property
    def time(self) -> float: ...

    @property
    def scene_file(self) -> SceneFile: ...

    @property
    def workspace(self) -> Workspace: ...

    def scene_objects(self) -> tuple[SceneObject, ...]: ...

    def move_object(self, name: str, pose: Pose) -> None: ...

    def add_object(self, spec: ObjectSpec, pose: Pose) -> None: ...

    def remove_object(self, name: str) -> None: ...

    def set_friction(self, name: str, coefficient: float, seconds: float | None = None) -> None: ...

    def throw(self, name: str, velocity: tuple[float, float, float]) -> None: ...

    def gaps(self, name: str, within: float = 0.3) -> dict[str, float]: ...

    def free_room(self, box: Box, pose: Pose, within: float = 0.3) -> dict[str, float]: ...

    def robot_room(self, box: Box, pose: Pose, postures: NDArray[np.float64], within: float = 0.3) -> float: ...

    def settle(self, seconds: float) -> None: ...
