"""Free paths raised at once over what is seen below them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.compiler.motion_state import MotionState
from lmp.primitives.dmp.position_path import PositionPath
from lmp.primitives.moves import Candidate, Grip, Move, ToolMove
from lmp.primitives.places.footprints import Prism, corners, prisms
from lmp.schema.motion import Bulge, Bulges
from lmp.schema.robot import RobotDescription
from lmp.schema.shape import solid_parts

Array = NDArray[np.float64]

OVER = 0.025
"""Free height over what a raised path passes [m]."""
HIGHEST = 0.35
"""Largest bulge that the compiler adds [m]."""
PHASES = np.linspace(0.0, 1.0, 41)


@dataclass(frozen=True)
class Load:
    """Load that moves with the tool: how far it hangs below the tool point, and how far it reaches sideways [m]."""

    hang: float
    reach: float


def raised_over_obstacles(candidate: Candidate, start: MotionState, robot: RobotDescription) -> Candidate:
    """The candidate with straight free moves arched over what lies below them."""
    load, obstacles = load_of(start, robot), obstacles_of(start)
    moves: list[Move] = []
    notes = list(candidate.notes)
    begin = start.T_world_tool[:3, 3]
    for move in candidate.moves:
        if isinstance(move, ToolMove):
            if move.free and move.shape is None:
                shape, over = _arch(begin, move.T_world_tool[:3, 3], load, obstacles)
                if shape is not None:
                    move = replace(move, shape=shape)
                    notes.append(f"{move.name} raised by {shape.bulges[0].amount * 1000:.0f} mm to pass over {over}")
            begin = move.T_world_tool[:3, 3]
        elif isinstance(move, Grip) and move.wait:
            load = Load(robot.tip_length, 0.02)
        moves.append(move)
    return replace(candidate, moves=tuple(moves), notes=tuple(notes))


def load_of(state: MotionState, robot: RobotDescription) -> Load:
    """The load in the gripper; the fingers alone where it is empty."""
    if state.held is None:
        return Load(robot.tip_length, 0.02)
    thing = state.scene.get(state.held)
    points = np.concatenate([corners(part, thing.pose.matrix) for part in solid_parts(thing.shape)])
    offsets = points - state.T_world_tool[:3, 3]
    return Load(max(robot.tip_length, -float(offsets[:, 2].min())), float(np.linalg.norm(offsets[:, :2], axis=1).max()))


def obstacles_of(state: MotionState) -> list[Prism]:
    """All that stands in the scene, but for what is held."""
    return [prism for thing in state.scene.objects if thing.name != state.held for prism in prisms(thing)]


def _arch(begin: Array, end: Array, load: Load, obstacles: Sequence[Prism]) -> tuple[Bulges | None, str]:
    """The bulge up that a straight move needs, and over what; None where it needs none."""
    points = PositionPath(begin, end).evaluate(PHASES)[0]
    missing, over = np.full(len(points), -math.inf), ""
    highest = -math.inf
    for prism in obstacles:
        # A prism that ends below the whole way is passed anyway.
        if prism.top + OVER + load.hang <= min(begin[2], end[2]):
            continue
        edges = ((prism.polygon[None] - points[:, None, :2]) * prism.normals).sum(axis=2)
        lacks = np.where(edges.min(axis=1) > -load.reach - OVER, prism.top + OVER + load.hang - points[:, 2], -math.inf)
        missing = np.maximum(missing, lacks)
        middle = float(lacks[8:-8].max())
        if middle > highest:
            highest, over = middle, prism.owner
    if highest <= 0.0:
        return None, ""
    phase = float(np.clip(PHASES[8 + int(np.argmax(missing[8:-8]))], 0.3, 0.7))
    unit = PositionPath(np.zeros(3), np.zeros(3), _up(phase, 0.1)).evaluate(PHASES)[0][:, 2] / 0.1
    needs = np.where(unit > 0.3, missing / np.maximum(unit, 0.3), -math.inf)
    amount = float(min(max(needs.max(), 0.0), HIGHEST))
    return (_up(phase, amount), over) if amount > 0.005 else (None, "")


def _up(phase: float, amount: float) -> Bulges:
    return Bulges(bulges=(Bulge(direction="up", phase=phase, amount=amount),))
