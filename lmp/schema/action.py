"""The form of a robot's action, checked in one place for every robot."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from lmp.errors import RobotFault, SetupFault, UnknownName

GRIPPER, GRIPPER_FORCE = "gripper", "gripper_force"


def check_action(action: Mapping[str, float], joint_names: tuple[str, ...]) -> None:
    """Passes if the action names every joint, nothing unknown, and only finite numbers.

    Raises:
        SetupFault: It names something that the robot does not have, or leaves out a joint.
        RobotFault: A target is not a finite number.
    """
    known = (*joint_names, GRIPPER, GRIPPER_FORCE)
    for name in action:
        if name not in known:
            raise UnknownName("joint", str(name), known)
    if missing := [name for name in joint_names if name not in action]:
        raise SetupFault(f"The action leaves out {', '.join(missing)}; it has to name every joint of the arm.")
    for name, value in action.items():
        if isinstance(value, bool) or not isinstance(value, int | float | np.floating) or not math.isfinite(value):
            raise RobotFault(f"The target of {name!r} has to be a finite number, got {value!r}.")
