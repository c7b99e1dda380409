"""The default parts of a world: its perceiver and the executor of its arm."""

from __future__ import annotations

from collections.abc import Callable

from lmp.capabilities import world_capabilities
from lmp.errors import SetupFault
from lmp.execution.executor import StreamingExecutor
from lmp.sims.oracle_perceiver import OraclePerceiver
from lmp.stages import Executor, Perceiver, Robot, World

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


def default_executor(world: World, robot: Robot, perceiver: Perceiver, tick: Tick) -> Executor:
    """An executor that feels what the world's gripper feels, where it can tell, and looks before it touches."""
    can = world_capabilities(world)
    return StreamingExecutor(
        robot,
        world.rate_hz,
        tick,
        touch=None if can.feels is None else can.feels.touch,
        look=lambda: perceiver.perceive(world.observe()),
        watched=not can.simulated,
    )
