"""Perception by reading the simulator: the truth, for worlds that know it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from lmp.schema.observation import Observation
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject, Workspace


@runtime_checkable
class KnowsTheTruth(Protocol):
    """A world that can tell shape, pose and contacts of its objects."""

    @property
    def workspace(self) -> Workspace: ...

    @property
    def T_world_base(self) -> Pose: ...

    def scene_objects(self) -> tuple[SceneObject, ...]: ...


class OraclePerceiver:
    """Reports the furniture and every object where it is, also what has fallen.

    Args:
        world: The world to read.
    """

    def __init__(self, world: KnowsTheTruth):
        self._world = world

    def perceive(self, observation: Observation) -> Scene:
        """The scene of this moment; the observation gives the robot's state and the time."""
        return Scene(
            objects=self._world.scene_objects(),
            T_world_base=self._world.T_world_base,
            robot=observation.robot,
            workspace=self._world.workspace,
            time=observation.time,
        )
