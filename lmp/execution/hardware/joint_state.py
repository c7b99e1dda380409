"""Joint positions that a controller tells, by name where it gives names, and refused where they cannot be positions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lmp.errors import RobotFault, SetupFault, did_you_mean
from lmp.execution.hardware.joint_names import JointNames
from lmp.execution.hardware.shape_of_controller import ABSENT, field
from lmp.schema.robot import RobotDescription

BEYOND = 0.5
"""How far outside its range a joint may be told to be before the figure is doubted [rad]: files are stricter than arms."""
WIDTH_BEYOND = 0.02
"""How far outside its range the width between the fingers may be told to be [m]."""
_SUFFIX = ".pos"


def positions_of(told: Any, robot: RobotDescription, names: JointNames, who: str) -> NDArray[np.float64]:
    """Joint positions in the order of the robot file [rad]. Shape (dof,).

    Args:
        told: A mapping by joint name, with or without LeRobot's ``.pos``; an object or a mapping with ``name``, ``names`` or
            ``joint_names`` and ``position`` or ``positions``, in any order and with further joints; or one position for each
            joint, in the order of the robot file.
        robot: The robot.
        names: What the controller calls its joints.
        who: Who told it, for messages.

    Raises:
        RobotFault: There is no finite number for each joint.
        SetupFault: Joints are missing by name, or the figures are no radians of this robot.
    """
    if told is None:
        raise RobotFault(f"{who} told nothing (None). Has no state arrived yet?")
    by_name = _by_name(told, who)
    ordered = _in_order(told, names, who) if by_name is None else [by_name[key] for key in _keys(by_name, names, who)]
    positions = np.array([_number(value, name, who) for value, name in zip(ordered, names.theirs, strict=True)])
    _refuse_other_units(positions, robot, names, who)
    return positions


def width_of(told: Any, max_width: float, who: str) -> float:
    """The width between the fingers [m].

    Raises:
        RobotFault: It is no finite number.
        SetupFault: It is no width of this gripper in metres.
    """
    width = _number(told, "the width", who)
    if max_width > 0.0 and not -WIDTH_BEYOND <= width <= 1.5 * max_width + WIDTH_BEYOND:
        raise SetupFault(f"{who} told a width of {width:g} m; the fingers open to {max_width:g} m. Are those millimetres?")
    return width


def _by_name(told: Any, who: str) -> dict[str, Any] | None:
    """The values told for each name; None where there are no names."""
    names, positions = field(told, "name", "names", "joint_names"), field(told, "position", "positions")
    if positions is not ABSENT and isinstance(names, Sequence | np.ndarray) and not isinstance(names, str):
        names = [str(name) for name in names]
        count = len(positions) if isinstance(positions, Sequence) else int(np.size(positions))
        if count != len(names):
            raise RobotFault(f"{who} told {len(names)} joint names and {count} positions; each joint has to have one.")
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise RobotFault(f"{who} told more than one position of {', '.join(twice)}.")
        return dict(zip(names, positions, strict=True))
    if isinstance(told, Mapping) and (positions is ABSENT or names is not ABSENT):
        return {str(name): value for name, value in told.items()}
    return None


def _keys(by_name: Mapping[str, Any], names: JointNames, who: str) -> list[str]:
    """The keys of the joints.

    Raises:
        SetupFault: Some are not there.
    """
    keys = [name if name in by_name else f"{name}{_SUFFIX}" for name in names.theirs]
    if missing := [key for key in keys if key not in by_name]:
        known = sorted(by_name)
        suffixed = any(name.endswith(_SUFFIX) for name in known)
        lacks = [key if suffixed else key.removesuffix(_SUFFIX) for key in missing]
        raise SetupFault(
            f"{who} tells nothing of {', '.join(lacks)}.{did_you_mean(lacks[0], known)} "
            f"It tells: {', '.join(known) or 'nothing'}. joints= maps the names of the robot file to those of the controller."
        )
    return keys


def _in_order(told: Any, names: JointNames, who: str) -> list[Any]:
    positions = field(told, "position", "positions")
    values = told if positions is ABSENT else positions
    if isinstance(values, str | bytes) or not (isinstance(values, Sequence) or np.ndim(values) == 1):
        raise RobotFault(
            f"{who} told {told!r:.200}; what is understood: one position for each joint, a mapping by joint name, or an object "
            "with name and position."
        )
    if len(values) != len(names.own):
        raise RobotFault(
            f"{who} has to tell {len(names.own)} finite joint positions, in the order {', '.join(names.own)}; it told "
            f"{len(values)}: {list(values)!r:.200}. Where the controller has further joints, tell their names, too."
        )
    return list(values)


def _number(value: Any, of: str, who: str) -> float:
    """A finite number.

    Raises:
        RobotFault: It is none.
    """
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind not in "iuf" or not math.isfinite(array.item()):
        raise RobotFault(f"{who} has to tell a finite number for {of}; it told {value!r:.80}.")
    return float(array.item())


def _refuse_other_units(positions: NDArray[np.float64], robot: RobotDescription, names: JointNames, who: str) -> None:
    """Refuses figures that cannot be radians of this robot: degrees, or LeRobot's -100 to 100.

    A controller may count a joint from 0 to 2 pi where its file counts from -pi to pi; an arm that was moved by hand may be a
    little outside its range.
    """
    lower = np.array([joint.lower for joint in robot.joints]) - BEYOND
    upper = np.array([joint.upper for joint in robot.joints]) + BEYOND
    turned = np.where(np.abs(positions) <= 2.0 * math.pi, positions - np.copysign(2.0 * math.pi, positions), positions)
    possible = ((lower <= positions) & (positions <= upper)) | ((lower <= turned) & (turned <= upper))
    if possible.all():
        return
    worst = int(np.argmin(possible))
    told, joint = positions[worst], robot.joints[worst]
    as_degrees = np.radians(positions)
    likely = bool(((lower <= as_degrees) & (as_degrees <= upper)).all())
    hint = f" {told:g} degrees would be {as_degrees[worst]:.3f} rad: are those degrees?" if likely else ""
    raise SetupFault(
        f"{who} told {told:g} rad for {names.theirs[worst]}; its range is [{joint.lower:.3f}, {joint.upper:.3f}] rad.{hint} "
        "Positions have to be told in radians; for a LeRobot device that counts in degrees say degrees=True, and have it count "
        "in degrees, not from -100 to 100."
    )
