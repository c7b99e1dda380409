"""Many candidates at few phases: where they are, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.primitives.dmp.bulges import AXES, BadShape, shape_complaint, unit_bulges
from lmp.primitives.dmp.deviation import COUNT, correction
from lmp.primitives.dmp.orientation_dmp import turns_between
from lmp.primitives.dmp.path_matrices import path_matrices
from lmp.primitives.dmp.phase import checked_phases
from lmp.primitives.dmp.preset_paths import preset_matrices
from lmp.primitives.kernels.orientation import orientations
from lmp.schema.motion import Bulges, Preset, Weights, preset_of

Array = NDArray[np.float64]
Shape = Bulges | Weights | None

CHUNK = 4096
"""Candidates computed at once; bounds the memory beside the result's."""


def positions_at(phases: Array, starts: Array, goals: Array, shapes: Sequence[Shape]) -> Array:
    """Positions of many paths at phases, as `PositionPath` has them, without their derivatives [m].

    Args:
        phases: In [0, 1]. Shape (n,).
        starts: Where each path starts [m]. Shape (k, 3).
        goals: Where each path ends [m]. Shape (k, 3).
        shapes: The shape of each path. Length k.

    Returns:
        Shape (k, n, 3).

    Raises:
        SetupFault: If a phase lies outside [0, 1], an end is not finite, numbers disagree, or one is no shape.
        BadShape: If no path has one of the shapes.
    """
    ends = np.stack([_points("starts", starts, len(shapes)), _points("goals", goals, len(shapes))], axis=1)
    complaint = next((said for said in map(shape_complaint, shapes) if said is not None), None)
    if complaint is not None:
        raise BadShape(complaint)
    kinds: dict[tuple[Preset, tuple[int, ...]], list[int]] = {}
    for index, shape in enumerate(shapes):
        kinds.setdefault((preset_of(shape), _counts(shape)), []).append(index)
    positions = np.empty((len(shapes), len(phases), 3))
    for (preset, counts), members in kinds.items():
        default = preset == "default"
        matrix = path_matrices(phases, counts)[0] if default else preset_matrices(preset, phases, counts[0])[0]
        for first in range(0, len(members), CHUNK):
            part = members[first : first + CHUNK]
            terms = _terms([shapes[index] for index in part], counts)
            values = np.concatenate([ends[part], *(terms if default else terms[:1])], axis=1)
            positions[part] = matrix @ values
    return positions


def orientations_at(phases: Array, R_starts: Array, R_goals: Array) -> Array:
    """Orientations of many turns at phases, as `OrientationPath` has them, without angular velocities.

    Args:
        phases: In [0, 1]. Shape (n,).
        R_starts: `R_world_tool` where each turn starts. Shape (k, 3, 3).
        R_goals: `R_world_tool` where each turn ends. Shape (k, 3, 3).

    Returns:
        Shape (k, n, 3, 3).

    Raises:
        SetupFault: If a phase lies outside [0, 1], or one of them is no rotation.
    """
    phases = checked_phases(phases)
    vectors, goals = turns_between(R_starts, R_goals)
    quintics = np.zeros((len(vectors), 4, 3))
    quintics[:, 0] = vectors
    rotations = np.empty((len(vectors), len(phases), 3, 3))
    orientations(quintics, 0.0, goals, phases, False, rotations, np.empty((0, 0, 0)))
    return rotations


def _counts(shape: Shape) -> tuple[int, ...]:
    """Functions of each term of the shape's deviation."""
    match shape:
        case None:
            return ()
        case Bulges():
            return (COUNT,)
        case Weights():
            return (len(shape.x), COUNT)


def _terms(shapes: Sequence[Shape], counts: tuple[int, ...]) -> list[Array]:
    """Coefficients of each term, of shapes with the same counts. Shape (k, count, 3) each."""
    if not counts:
        return []
    if len(counts) == 2:
        weights = np.array([(shape.x, shape.y, shape.z) for shape in shapes if isinstance(shape, Weights)]).transpose(0, 2, 1)
        return [weights, correction(counts[0]) @ weights]
    bulges = [(row, bulge) for row, shape in enumerate(shapes) if isinstance(shape, Bulges) for bulge in shape.bulges]
    phases, which = np.unique([bulge.phase for _, bulge in bulges], return_inverse=True)
    amounts = np.array([bulge.amount * AXES[bulge.direction] for _, bulge in bulges])
    total = np.zeros((len(shapes), COUNT, 3))
    np.add.at(total, [row for row, _ in bulges], unit_bulges(phases)[which][:, :, None] * amounts[:, None, :])
    return [total]


def _points(name: str, values: Array, count: int) -> Array:
    points = np.asarray(values, dtype=np.float64)
    if points.shape != (count, 3) or not np.isfinite(points).all():
        raise SetupFault(f"{name} of shape {points.shape} came; finite numbers of shape ({count}, 3) are needed, one a shape.")
    return points
