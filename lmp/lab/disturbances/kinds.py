"""The table of disturbances."""

from __future__ import annotations

from lmp.lab.disturbances.block_path import block_path
from lmp.lab.disturbances.delay import Delay
from lmp.lab.disturbances.drift import drift
from lmp.lab.disturbances.kind import Kind
from lmp.lab.disturbances.knock import knock
from lmp.lab.disturbances.late import Late
from lmp.lab.disturbances.moments import (
    before_first,
    before_first_or_second,
    before_or_during,
    before_or_early,
    while_carrying,
    while_going,
)
from lmp.lab.disturbances.noise import Noise
from lmp.lab.disturbances.occupy import occupy
from lmp.lab.disturbances.shift_target import shift_target
from lmp.lab.disturbances.slip import slip
from lmp.lab.disturbances.steal import steal
from lmp.lab.disturbances.swap import swap
from lmp.lab.disturbances.weak import Weak

DISTURBANCES: dict[str, Kind] = {
    "shift-target": Kind(
        "the object that is wanted is moved to another place on what it stands on",
        quantity="a mean distance",
        unit="m",
        default=0.10,
        low=0.02,
        high=0.30,
        strike=shift_target,
        moment=before_first,
    ),
    "knock": Kind(
        "what is carried is torn out of the gripper",
        quantity="the speed with which it flies off",
        unit="m/s",
        default=0.3,
        low=0.0,
        high=1.0,
        strike=knock,
        moment=while_carrying,
    ),
    "block-path": Kind(
        "a box appears in the way of the gripper",
        quantity="the least edge of the box",
        unit="m",
        default=0.08,
        low=0.08,
        high=0.25,
        strike=block_path,
        moment=before_first_or_second,
        forces=True,
    ),
    "slip": Kind(
        "what is carried turns slippery for half a second",
        quantity="the share of its friction that is left",
        unit="1",
        default=0.005,
        low=0.0,
        high=0.9,
        strike=slip,
        moment=while_carrying,
        forces=True,
    ),
    "steal": Kind("the object that is wanted vanishes", strike=steal, moment=before_or_during),
    "occupy": Kind(
        "a cube is put where the object has to go",
        quantity="the edge of the cube",
        unit="m",
        default=0.03,
        low=0.02,
        high=0.06,
        strike=occupy,
        moment=before_first_or_second,
    ),
    "swap": Kind("the object that is wanted and another one change places", strike=swap, moment=before_or_early),
    "drift": Kind(
        "what is reached for, or carried to, drifts on what it stands on, for 10 cm at most",
        quantity="the speed with which it drifts",
        unit="m/s",
        default=0.03,
        low=0.005,
        high=0.10,
        strike=drift,
        moment=while_going,
    ),
    "delay": Kind(
        "joints and poses are measured late",
        quantity="the delay",
        unit="s",
        default=0.04,
        low=0.0,
        high=0.5,
        faults=Delay,
    ),
    "noise": Kind(
        "joints and poses are measured with noise",
        quantity="the standard deviation of positions",
        unit="m",
        default=0.002,
        low=0.0,
        high=0.02,
        faults=Noise,
    ),
    "late": Kind(
        "the robot lags its commands",
        quantity="the lag",
        unit="s",
        default=0.04,
        low=0.0,
        high=0.5,
        faults=Late,
    ),
    "weak": Kind(
        "the arm carries its own weight and has little effort left to move with",
        quantity="the share of the joints' efforts that is left",
        unit="1",
        default=0.04,
        low=0.001,
        high=1.0,
        faults=Weak,
        forces=True,
    ),
}
"""Kinds by name; a kind without a quantity takes no amount."""
