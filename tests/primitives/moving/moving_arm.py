"""A Panda over a table with boxes, whose tool is on its way, for tests of motions in progress."""

from __future__ import annotations

from functools import cache

import numpy as np
from compile_scenes import block, table_scene
from numpy.typing import NDArray
from panda_arm import PANDA

from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.moving.answers import Followed
from lmp.primitives.moving.tool_motion import ToolMotion
from lmp.schema.motion import Bulge, Bulges

Array = NDArray[np.float64]

UP = Bulges(bulges=(Bulge(direction="up", phase=0.5, amount=0.06), Bulge(direction="left", phase=0.3, amount=0.03)))
LIMITS = np.array([[getattr(joint, name) for joint in PANDA.joints] for name in ("velocity", "acceleration", "jerk")])
DT = 0.001


@cache
def arm() -> Arm:
    return Arm(PANDA, 1.0 / DT)


@cache
def state() -> MotionState:
    places = ((0.35, -0.3), (0.35, 0.3), (0.55, -0.3), (0.55, 0.3), (0.65, 0.0), (0.3, 0.05))
    return MotionState.first(arm(), table_scene(*(block(f"box_{i}", x, y, 0.06) for i, (x, y) in enumerate(places))))


def moving(goal: Array, duration: float = 1.0, ticks: int = 400, shape: Bulges | None = UP) -> ToolMotion:
    """A motion that has been under way for some ticks."""
    motion = ToolMotion(arm(), state())
    answer = motion.retarget(goal, duration, shape)
    assert isinstance(answer, Followed), str(answer)
    for _ in range(ticks):
        motion.step()
    return motion


def followed(motion: ToolMotion, most: float = 6.0) -> Array:
    """Joint positions at every tick from now on until it is at rest. Shape (n, dof)."""
    qs = [motion.q]
    while not motion.at_rest:
        qs.append(motion.step())
        assert len(qs) <= most / DT
    return np.array(qs)


def worst_shares(qs: Array) -> Array:
    """Largest shares of the velocity, acceleration and jerk limits, by differences of samples. Shape (3,)."""
    return np.array([np.abs(np.diff(qs, order, axis=0) / DT**order / LIMITS[order - 1]).max() for order in (1, 2, 3)])
