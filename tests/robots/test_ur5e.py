"""The UR5e's URDF of our own against the maker's Denavit-Hartenberg table."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lmp.robots.robot_file import load_robot, robot_urdf
from lmp.sims.kinematic.urdf_chain import UrdfChain

UR5E = load_robot("ur5e")
CHAIN = UrdfChain(robot_urdf(UR5E), UR5E)
TABLE = (
    (0.0, 0.1625, np.pi / 2),
    (-0.425, 0.0, 0.0),
    (-0.3922, 0.0, 0.0),
    (0.0, 0.1333, np.pi / 2),
    (0.0, 0.0997, -np.pi / 2),
    (0.0, 0.0996, 0.0),
)
"""a [m], d [m], alpha [rad] of each joint: Universal Robots, "DH Parameters for calculations of kinematics and dynamics"."""


def denavit_hartenberg(q: list[float]) -> NDArray[np.float64]:
    """`T_base_flange` by the product of Denavit and Hartenberg's matrices (1955). Shape (4, 4)."""
    T = np.eye(4)
    for (a, d, alpha), theta in zip(TABLE, q, strict=True):
        ct, st_, ca, sa = np.cos(theta), np.sin(theta), np.cos(alpha), np.sin(alpha)
        T = T @ np.array(
            [[ct, -st_ * ca, st_ * sa, a * ct], [st_, ct * ca, -ct * sa, a * st_], [0.0, sa, ca, d], [0.0, 0.0, 0.0, 1.0]]
        )
    return T


@given(st.lists(st.floats(-6.28, 6.28), min_size=6, max_size=6))
@settings(max_examples=50)
def test_the_flange_is_where_the_table_has_it(q: list[float]) -> None:
    T_world_flange = UR5E.T_world_root.matrix @ denavit_hartenberg(q)
    np.testing.assert_allclose(CHAIN.forward(np.array(q)), T_world_flange, atol=1e-12)
