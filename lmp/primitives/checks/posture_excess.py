"""Excess of postures over joint ranges, workspace and singularity, as columns for the rule of `lessening`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.arm.kinematics import Kinematics
from lmp.primitives.arm.lessening import JOINT_SLACK
from lmp.schema.scene import Workspace
from lmp.schema.verdict import VIOLATIONS, ViolationKind

Array = NDArray[np.float64]

SMALLEST_SINGULAR_VALUE = 0.02
"""Below it the arm is too near to a singularity [dimensionless]."""
TOOL_SLACK, SINGULAR_SLACK = 1e-4, 1e-3
"""Largest rise of an excess that is not gone yet and still counts as none: what sampling may add [m], [dimensionless]."""
JOINT_LIMIT = VIOLATIONS.register(ViolationKind("joint_limit", "a joint would leave its range", about="posture"))
OUT_OF_WORKSPACE = VIOLATIONS.register(
    ViolationKind("out_of_workspace", "the tool, or what is moved, would leave the workspace", about="place")
)
SINGULARITY = VIOLATIONS.register(
    ViolationKind("singularity", "the arm would stretch so far that it loses a direction of motion", about="posture")
)


def posture_excesses(kinematics: Kinematics, workspace: Workspace, qs: Array) -> Array:
    """Excess of postures over joint ranges, workspace and singularity. Shape (n, dof) to (n, 2 dof + 7).

    Columns: each joint below, each joint above its range, the tool below and above the workspace in its x, y, z, the singular
    value below its least; see `excess_slacks` and `excess_kinds`.
    """
    tool = workspace.coordinates(kinematics.forward_path(qs)[:, :3, 3])
    short = SMALLEST_SINGULAR_VALUE - kinematics.singular_values(qs)
    sides = (kinematics.lower - qs, qs - kinematics.upper, np.array(workspace.lower) - tool, tool - np.array(workspace.upper))
    return np.concatenate([*sides, short[:, None]], axis=1)


def excess_slacks(dof: int) -> Array:
    """The slack of each column of `posture_excesses`. Shape (2 dof + 7,)."""
    return np.array([JOINT_SLACK] * (2 * dof) + [TOOL_SLACK] * 6 + [SINGULAR_SLACK])


def excess_kinds(dof: int) -> tuple[ViolationKind, ...]:
    """The violation that each column of `posture_excesses` is about. Length 2 dof + 7."""
    return (*(JOINT_LIMIT,) * (2 * dof), *(OUT_OF_WORKSPACE,) * 6, SINGULARITY)
