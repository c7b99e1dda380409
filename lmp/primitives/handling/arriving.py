"""From which side the hand arrives over its goal, before it comes straight down."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lmp.primitives.moves import ToolMove
from lmp.schema.motion import Side
from lmp.schema.scene import Workspace

ASIDE = 0.12
"""How far to the side of its end a free motion first goes [m]; less at the edge of the workspace."""
EDGE = 0.01
"""Distance that it keeps from that edge [m]."""
DIRECTIONS = {"left": (0.0, 1.0), "right": (0.0, -1.0), "front": (-1.0, 0.0), "behind": (1.0, 0.0)}


def arriving(move: ToolMove, side: Side | None, workspace: Workspace) -> tuple[ToolMove, ...]:
    """A free move as it is; with a side, one to a point on that side of its end, and a straight one from there, level.

    The first has the wished duration and shape. Both are free, so that the compiler may lead them past obstacles.
    """
    if side is None:
        return (move,)
    T_world_aside = move.T_world_tool.copy()
    lower, upper = np.array(workspace.lower[:2]) + EDGE, np.array(workspace.upper[:2]) - EDGE
    T_world_aside[:2, 3] = np.clip(T_world_aside[:2, 3] + ASIDE * np.array(DIRECTIONS[side]), lower, upper)
    return (replace(move, T_world_tool=T_world_aside), replace(move, name="arrive", duration=None, shape=None))
