"""The default parts of a world: its perceiver and the executor of its arm."""

from __future__ import annotations

from collections.abc import Callable

from lmp.errors import SetupFault
from lmp.execution.executor import StreamingExecutor
from lmp.sims.oracle_perceiver import KnowsTheTruth, OraclePerceiver
from lmp.stages import Executor, Perceiver, Robot, TouchSensing, World

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
