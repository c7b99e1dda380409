from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.errors import BadFile
from lmp.robots.robot_file import load_robot, robot_urdf
from lmp.sims.kinematic.urdf_chain import UrdfChain

pinocchio = pytest.importorskip("pinocchio")

PANDA = load_robot("panda")
CHAIN = UrdfChain(robot_urdf(PANDA), PANDA)
MODEL = pinocchio.buildModelFromUrdf(str(robot_urdf(PANDA).path))


@given(st.lists(st.floats(-2.8, 2.8), min_size=7, max_size=7))
@settings(max_examples=50)
def test_agrees_with_pinocchio(q: list[float]) -> None:
    data = MODEL.createData()
    full = np.zeros(MODEL.nq)
    full[:7] = q
    pinocchio.framesForwardKinematics(MODEL, data, full)
    T_world_link = data.oMf[MODEL.getFrameId(PANDA.tool_link)].homogeneous
    np.testing.assert_allclose(CHAIN.forward(np.array(q)), T_world_link @ PANDA.T_link_tool.matrix, atol=1e-12)


def test_joints_that_do_not_move_the_tool_are_named() -> None:
    far = PANDA.model_copy(update={"tool_link": "panda_link3"})
    with pytest.raises(BadFile, match="moves panda_joint4"):
        UrdfChain(robot_urdf(PANDA), far)
