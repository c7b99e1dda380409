"""An arm whose joints slide, and which cannot tilt its hand: in what units its faults are told."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from panda_arm import PANDA, scene
from scipy.spatial.transform import Rotation

from lmp.diagnosis.robots.limits_check import limit_findings
from lmp.primitives.arm.kinematics import Kinematics
from lmp.primitives.arm.reachability import IkProblem, Unreachable
from lmp.primitives.checks.checks import check_motion, margins
from lmp.primitives.checks.path_checks import reach_violations
from lmp.primitives.checks.sampled_motion import SampledMotion
from lmp.robots.joint_units import joint_units
from lmp.robots.robot_file import robot_urdf
from lmp.schema.pose import Pose
from lmp.schema.robot import JointLimits, RobotDescription
from lmp.schema.trajectory import Segment

NAMES, KINDS = ("x", "y", "z", "turn"), ("prismatic", "prismatic", "prismatic", "revolute")
AXES = ("1 0 0", "0 1 0", "0 0 1", "0 0 1")

INERTIAL = '<inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1" ixy="0" ixz="0" iyz="0"/></inertial>'


@pytest.fixture
def gantry(tmp_path: Path) -> RobotDescription:
    links = "".join(f'<link name="l{index}">{INERTIAL}</link>' for index in range(5))
    joints = "".join(
        f'<joint name="{name}" type="{kind}"><parent link="l{index}"/><child link="l{index + 1}"/><axis xyz="{axis}"/>'
        '<limit lower="-0.8" upper="0.8" effort="1" velocity="1"/></joint>'
        for index, (name, kind, axis) in enumerate(zip(NAMES, KINDS, AXES, strict=True))
    )
    (tmp_path / "gantry.urdf").write_text(f'<robot name="gantry">{links}{joints}</robot>')
    limits = {"lower": -0.8, "upper": 0.8, "velocity": 1.0, "acceleration": 2.0, "jerk": 50.0, "rest": 0.0, "source": "test"}
    return RobotDescription(
        name="gantry",
        urdf=str(tmp_path / "gantry.urdf"),
        joints=tuple(JointLimits(name=name, **limits) for name in NAMES),
        tool_link="l4",
        T_link_tool=Pose(),
    )


def goal(x: float, tilt: float = 0.0) -> np.ndarray:
    T = np.eye(4)
    T[:3, :3], T[0, 3] = Rotation.from_rotvec([tilt, 0.0, 0.0]).as_matrix(), x
    return T


def test_a_joint_that_slides_is_measured_in_metres(gantry: RobotDescription, tmp_path: Path) -> None:
    assert joint_units(gantry) == ("m", "m", "m", "rad")
    assert joint_units(PANDA) == ("rad",) * 7
    assert joint_units(gantry.model_copy(update={"urdf": str(tmp_path / "gone.urdf")})) == ("rad",) * 4


@pytest.mark.parametrize(("joint", "unit"), [("x", "m"), ("turn", "rad")])
def test_a_motion_over_the_limits_of_a_joint_is_told_in_its_unit(gantry: RobotDescription, joint: str, unit: str) -> None:
    times, rows = np.linspace(0.0, 1.0, 5), np.zeros((5, 4))
    rows[2, NAMES.index(joint)] = 60.0
    segments, path = (Segment(name="go", start=0.0, end=1.0),), np.zeros((5, 3))
    motion = SampledMotion(times, rows, rows, rows, rows, path, np.ones(5), segments, path[:1])
    assert margins(motion, gantry).joint_limit_unit == unit
    faults = check_motion(motion, gantry, scene())
    assert [fault.unit for fault in faults] == [unit, f"{unit}/s", f"{unit}/s^2", f"{unit}/s^3"]
    for fault in faults:
        assert fault.joint == joint
        assert len(re.findall(rf"\d {re.escape(str(fault.unit))}(?![\w/])", fault.message)) == 2


def test_a_goal_beyond_the_end_of_a_slide_is_told_in_metres(gantry: RobotDescription) -> None:
    found = Kinematics(gantry).inverse(goal(0.9))
    assert isinstance(found, Unreachable)
    (fault,) = reach_violations(found, gantry, "go")
    assert (fault.code, fault.joint, fault.unit) == ("joint_limit", "x", "m")
    assert "at the end of its range, 0.790 m, where the pose is missed by 110.0 mm in 'go'" in fault.message
    path = np.array([goal(x) for x in np.linspace(0.0, 0.875, 40)])
    broken = Kinematics(gantry).inverse_path(path, np.zeros(4))
    assert isinstance(broken, Unreachable)
    (fault,) = reach_violations(broken, gantry, "go")
    assert "'x' would have to go to 0.875 m, beyond 0.790 m" in fault.message
    assert "0.875 m, limit 0.79 m" in str(broken)


@pytest.mark.parametrize(("tilt", "words"), [(0.007, "0.007 rad"), (0.2, "0.200 rad")])
def test_a_tilt_that_the_arm_cannot_make_is_told_as_an_angle(gantry: RobotDescription, tilt: float, words: str) -> None:
    found = Kinematics(gantry).inverse(goal(0.3, tilt))
    assert isinstance(found, Unreachable)
    (fault,) = reach_violations(found, gantry, "go")
    assert (fault.code, fault.unit, fault.limit) == ("unreachable", "rad", 2e-3)
    assert fault.value == pytest.approx(tilt, rel=1e-3)
    assert fault.message == f"The pose is out of reach by {words} in 'go'."


def test_a_path_that_begins_in_another_turn_is_told_as_an_angle(gantry: RobotDescription) -> None:
    path = np.array([goal(0.0, 0.01), goal(0.1, 0.01)])
    found = Kinematics(gantry).inverse_path(path, np.zeros(4))
    assert isinstance(found, Unreachable)
    (fault,) = reach_violations(found, gantry, "go")
    assert (fault.value, fault.unit, fault.limit) == (pytest.approx(0.01), "rad", 1e-3)
    assert fault.message == "The path begins 0.010 rad from where the arm is in 'go'."


def test_a_robot_check_tells_a_slide_in_metres(gantry: RobotDescription) -> None:
    joints = tuple(joint.model_copy(update={"upper": 0.9, "velocity": 2.0}) for joint in gantry.joints)
    words = [finding.message for finding in limit_findings(gantry.model_copy(update={"joints": joints}), robot_urdf(gantry))]
    assert words[0].startswith("Joint 'x' may go from -0.8 to 0.9 m; ") and words[0].endswith("is -0.8 to 0.8 m.")
    assert words[1] == "Joint 'x' may slide at 2 m/s; the URDF allows 1 m/s."
    assert words[-1] == "Joint 'turn' may turn at 2 rad/s; the URDF allows 1 rad/s."


def test_what_is_missing_can_be_told_from_what_is_allowed() -> None:
    def missing(position: float, rotation: float) -> str:
        return IkProblem("reach", 0, None, position, 1e-4, "m", position, rotation, 1.0).missing

    assert missing(0.0213, 0.5) == "21.3 mm and 0.500 rad"
    assert missing(1.2e-4, 4e-9) == "0.12 mm"
    assert missing(4.6e-15, 2.0000004e-3) == "0.0020000004 rad"
