"""The parts that a world brings itself: who perceives in it, who moves its arm; with faults before them if it is disturbed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lmp.errors import SetupFault
from lmp.execution.executor import StreamingExecutor
from lmp.lab.disturbances.disturber import Disturber
from lmp.sims.oracle_perceiver import KnowsTheTruth, OraclePerceiver
from lmp.stages import Executor, Perceiver, Robot, Stages, TouchSensing, World

Tick = Callable[[float], None]


def default_perceiver(world: World) -> Perceiver:
    """The oracle, for worlds that know the truth.

    Raises:
        SetupFault: This one does not.
    """
    if not isinstance(world, KnowsTheTruth):
        raise SetupFault(f"{type(world).__name__} cannot tell what is in it: pass perceiver=, a part that can.")
    return OraclePerceiver(world)


def default_executor(world: World, robot: Robot, perceiver: Perceiver, tick: Tick) -> Executor:
    """An executor that feels what the world's hand feels, where it can tell, and looks before it touches."""
    touch = world.touch if isinstance(world, TouchSensing) else None
    return StreamingExecutor(robot, world.rate_hz, tick, touch=touch, look=lambda: perceiver.perceive(world.observe()))


def disturbed_parts(stages: Stages, disturber: Disturber, tick: Tick) -> Stages:
    """The stages with the disturbance's faults before the robot and the eyes.

    An executor that somebody brought is left as it is: its robot is not the world's.
    """
    perceiver, robot = disturber.perceiver(stages.perceiver), disturber.robot(stages.world.robot)
    executor = stages.executor
    own = isinstance(executor, StreamingExecutor) and executor.robot is stages.world.robot
    if own:
        executor = default_executor(stages.world, robot, perceiver, tick)
    return replace(stages, perceiver=perceiver, executor=executor)
