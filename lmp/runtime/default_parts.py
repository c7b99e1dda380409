"""The default parts of a world: its perceiver, the executor of its arm, and the check of its tool."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lmp.capabilities import taking_closed_loops, world_capabilities
from lmp.errors import SetupFault, robot_faults
from lmp.execution.executor import StreamingExecutor
from lmp.execution.observing import look_at, state_of
from lmp.primitives.compiler.compiler import PrimitiveCompiler
from lmp.primitives.moving.object_loop import ObjectFollower
from lmp.robots.robot_file import robot_urdf
from lmp.schema.observation import Observation
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene
from lmp.sims.kinematic.urdf_chain import UrdfChain
from lmp.sims.oracle_perceiver import OraclePerceiver
from lmp.stages import Executor, Follower, Perceiver, Robot, World

FARTHEST = 0.002
"""Largest distance between the two [m]: a grasp that is off by more misses small objects."""
MOST_TURNED = 0.02
"""Largest angle between them [rad]: it moves what is held 10 cm from the tool by as much."""


def check_tool(world: World) -> None:
    """Refuses a world whose tool is elsewhere than the robot's description says; one that cannot tell is taken as it is.

    Raises:
        SetupFault: They are apart; says both poses, and by how much.
    """
    has_tool = world_capabilities(world).has_tool
    if has_tool is None:
        return
    robot = world.robot.description
    state = state_of(world.robot)
    with robot_faults(world, "tool_pose"):
        measured = has_tool.tool_pose()
    positions = dict(zip(state.joint_names, state.positions, strict=True))
    q = np.array([positions[name] for name in robot.joint_names])
    described = Pose.from_matrix(UrdfChain(robot_urdf(robot), robot).forward(q))
    distance = float(np.linalg.norm(np.array(measured.position) - np.array(described.position)))
    turn = measured.rotation.T @ described.rotation
    angle = float(np.arccos(np.clip((np.trace(turn) - 1.0) / 2.0, -1.0, 1.0)))
    if distance <= FARTHEST and angle <= MOST_TURNED:
        return
    raise SetupFault(
        f"The world {world.spec} says that its tool is {_said(measured)}; for the same joints the description of the robot "
        f"{robot.name!r} puts it {_said(described)}. They are {1000 * distance:.1f} mm and {angle:.3f} rad apart, and may be "
        f"{1000 * FARTHEST:.0f} mm and {MOST_TURNED} rad: the base, the tool frame or the joints of one of them are wrong."
    )


def _said(pose: Pose) -> str:
    place, quat = (", ".join(f"{value:.4f}" for value in vector) for vector in (pose.position, pose.quat_xyzw))
    return f"at ({place}) m, turned by xyzw ({quat})"


Tick = Callable[[float], None]


def default_perceiver(world: World) -> Perceiver:
    """The oracle, for worlds that know the truth.

    Raises:
        SetupFault: This one does not.
    """
    knows = world_capabilities(world).knows
    if knows is None:
        raise SetupFault(f"{type(world).__name__} cannot tell what is in it: pass perceiver=, a part that can.")
    return OraclePerceiver(knows)


class ToolTelling:
    """A perceiver whose scenes say where the tool point is, for conditions that are about the arm.

    Args:
        inner: The perceiver of the objects.
        tool: The tool's pose in a scene, by the arm's state, `T_world_tool`. Shape (4, 4).
    """

    def __init__(self, inner: Perceiver, tool: Callable[[Scene], NDArray[np.float64]]):
        self.inner, self._tool = inner, tool

    def perceive(self, observation: Observation) -> Scene:
        """The scene as the inner perceiver sees it, with the tool's pose."""
        scene = self.inner.perceive(observation)
        return scene.replacing(T_world_tool=Pose.from_matrix(self._tool(scene)))


def default_executor(world: World, robot: Robot, perceiver: Perceiver, tick: Tick) -> Executor:
    """An executor that feels what the world's gripper feels, where it can tell, and looks before it touches."""
    can = world_capabilities(world)
    return StreamingExecutor(
        robot,
        world.rate_hz,
        tick,
        touch=None if can.feels is None else can.feels.touch,
        look=lambda: perceiver.perceive(look_at(world)),
        watched=not can.simulated,
    )


def default_follower(world: World, executor: Executor, compiler: PrimitiveCompiler) -> Follower | None:
    """Follows objects that move while the arm does, where the world can tell them and the executor takes closed loops."""
    tracks = world_capabilities(world).tracks
    if tracks is None or taking_closed_loops(executor) is None:
        return None
    return ObjectFollower(lambda: compiler.arm, tracks.tracking_hz)
