"""From which side the gripper arrives over its goal, before it comes straight down."""

from __future__ import annotations

from dataclasses import replace

from lmp.meaning.directions import directions
from lmp.primitives.moves import ToolMove
from lmp.schema.motion import Side
from lmp.schema.scene import Scene

ASIDE = 0.12
"""How far to the side of its end a free motion first goes [m]; less at the edge of the workspace."""
EDGE = 0.01
"""Distance that it keeps from that edge [m]."""


def arriving(move: ToolMove, side: Side | None, scene: Scene) -> tuple[ToolMove, ...]:
    """A free move as it is; with a side, one to a point on that side of its end, and a straight one from there, level.

    The first has the requested duration and shape. Both are free, so that the compiler may lead them past obstacles.
    """
    if side is None:
        return (move,)
    T_world_aside = move.T_world_tool.copy()
    T_world_aside[:3, 3] = scene.workspace.nearest(T_world_aside[:3, 3] + ASIDE * directions(scene).unit(side), EDGE)
    return (replace(move, T_world_tool=T_world_aside), replace(move, name="arrive", duration=None, shape=None))
