import numpy as np
import pytest
from panda_arm import down, kinematics, straight

from lmp.primitives.arm.joint_tree import JointTree
from lmp.primitives.arm.kinematics import TOOL_FRAME, robot_model
from lmp.primitives.arm.serial_chain import SerialChain
from lmp.primitives.kernels.easing import eased_in

INTERVAL = 0.02


def test_a_path_gets_the_free_motion_that_the_arm_has_and_keeps_the_tool_on_it():
    arm = kinematics()
    chain = SerialChain.of(JointTree.of(robot_model(arm.description), arm.description, TOOL_FRAME))
    q = arm.inverse(down(0.5, 0.1, 0.3)).q
    poses = straight(down(0.5, 0.1, 0.3), down(0.45, -0.2, 0.25), 51)
    qs = np.array(arm.inverse_path(poses, q).qs)
    free = np.linalg.svd(arm.jacobian(q))[2][-1]
    eased = qs.copy()
    changed = eased_in(chain.links, chain.prismatic, poses, INTERVAL, 0.5, np.stack([0.4 * free, 0.8 * free]), eased)
    assert changed == 24
    assert np.abs(arm.forward_path(eased) - poses).max() <= 2e-6
    assert (eased[25:] == qs[25:]).all()
    moved = eased - qs
    assert (np.array([-25, 48, -36, 16, -3]) @ moved[:5] / (12 * INTERVAL)) == pytest.approx(0.4 * free, abs=1e-2)
    assert np.abs(moved[-26:]).max() == 0.0
    assert np.abs(np.diff(moved, 2, axis=0)[20:26]).max() <= 1e-3


def test_a_motion_that_is_that_of_the_path_changes_next_to_nothing():
    arm = kinematics()
    chain = SerialChain.of(JointTree.of(robot_model(arm.description), arm.description, TOOL_FRAME))
    q = arm.inverse(down(0.5, 0.1, 0.3)).q
    poses = straight(down(0.5, 0.1, 0.3), down(0.45, -0.2, 0.25), 51)
    qs = np.array(arm.inverse_path(poses, q).qs)
    eased = qs.copy()
    eased_in(chain.links, chain.prismatic, poses, INTERVAL, 0.5, np.zeros((2, 7)), eased)
    assert np.abs(eased - qs).max() <= 1e-3
