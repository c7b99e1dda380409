"""Joint positions that a controller tells: by name where there are names, and refused in words where they are none."""

from __future__ import annotations

import json
import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from panda_doubles import PANDA, REST

from lmp.errors import RobotFault, SetupFault, UnknownName
from lmp.execution.hardware import wrap
from lmp.execution.hardware.joint_names import JointNames
from lmp.execution.hardware.joint_state import positions_of, width_of
from lmp.schema.scene import RobotState

NAMES = JointNames.mapped(PANDA)
FR3 = JointNames.mapped(PANDA, {"panda_": "fr3_"})


def read(told: Any, names: JointNames = NAMES) -> np.ndarray:
    return positions_of(told, PANDA, names, "state=")


@st.composite
def joint_states(draw: st.DrawFn) -> tuple[list[str], list[float], np.ndarray]:
    """Names and positions in any order with further joints among them, and the positions in the order of the robot file."""
    truth = [draw(st.floats(joint.lower, joint.upper)) for joint in PANDA.joints]
    further = draw(st.lists(st.tuples(st.text("xyz", min_size=1), st.floats(-1e6, 1e6)), max_size=4, unique_by=lambda f: f[0]))
    told = draw(st.permutations([*zip(FR3.theirs, truth, strict=True), *further]))
    return [name for name, _ in told], [value for _, value in told], np.array(truth)


@given(joint_states())
def test_names_decide_in_any_order_and_form(state: tuple[list[str], list[float], np.ndarray]) -> None:
    names, positions, truth = state
    forms: list[Any] = [
        dict(zip(names, positions, strict=True)),
        {f"{name}.pos": value for name, value in zip(names, positions, strict=True)},
        SimpleNamespace(name=names, position=positions, velocity=[], effort=[]),
        SimpleNamespace(names=tuple(names), positions=np.array(positions)),
        SimpleNamespace(joint_names=np.array(names), positions=tuple(positions)),
        {"name": names, "position": positions, "header": {}},
        json.loads(json.dumps({"joint_names": names, "positions": positions})),
    ]
    for form in forms:
        np.testing.assert_array_equal(read(form, FR3), truth)


@given(st.tuples(*(st.floats(joint.lower, joint.upper) for joint in PANDA.joints)))
def test_what_has_no_names_is_in_the_order_of_the_robot_file(truth: tuple[float, ...]) -> None:
    forms: list[Any] = [truth, list(truth), np.array(truth), SimpleNamespace(position=truth), {"positions": list(truth)}]
    for form in forms:
        np.testing.assert_array_equal(read(form), truth)


def test_a_state_of_the_project_itself_is_one_of_these() -> None:
    state = RobotState(joint_names=PANDA.joint_names, positions=tuple(REST), velocities=(0.0,) * 7, gripper_width=0.0)
    np.testing.assert_array_equal(read(state), REST)


BY_NAME = dict(zip(PANDA.joint_names, REST.tolist(), strict=True))


@pytest.mark.parametrize(
    ("told", "fault", "words"),
    [
        (None, RobotFault, r"told nothing \(None\). Has no state arrived yet"),
        ([0.0, 1.0], RobotFault, "has to tell 7 finite joint positions, in the order panda_joint1, .* it told 2"),
        ([*REST, 0.04], RobotFault, "it told 8: .* tell their names, too"),
        (np.zeros((7, 1)), RobotFault, "what is understood"),
        ("0 0 0 0 0 0 0", RobotFault, "what is understood"),
        (3.0, RobotFault, "what is understood"),
        (object(), RobotFault, "what is understood"),
        ([*REST[:6], math.nan], RobotFault, "a finite number for panda_joint7; it told nan"),
        ([*REST[:6], "0.1"], RobotFault, "a finite number for panda_joint7; it told '0.1'"),
        ([*REST[:6], True], RobotFault, "a finite number for panda_joint7"),
        ([*REST[:6], None], RobotFault, "a finite number for panda_joint7"),
        (BY_NAME | {"panda_joint2": math.inf}, RobotFault, "for panda_joint2; it told inf"),
        (
            {n: v for n, v in BY_NAME.items() if n[-1] not in "35"},
            SetupFault,
            "nothing of panda_joint3, panda_joint5. Did you mean",
        ),
        ({}, SetupFault, "It tells: nothing"),
        ({f"{n}.pos": v for n, v in BY_NAME.items() if n[-1] != "7"}, SetupFault, r"nothing of panda_joint7\.pos\. Did you"),
        (SimpleNamespace(name=["a"] * 7, position=list(REST)), RobotFault, "more than one position of a"),
        (SimpleNamespace(name=list(BY_NAME), position=[]), RobotFault, "told 7 joint names and 0 positions"),
        (
            SimpleNamespace(name=[f"fr3_joint{i}" for i in range(1, 8)], position=list(REST)),
            SetupFault,
            "joints= maps the names",
        ),
        (np.degrees(REST), SetupFault, "degrees would be .* are those degrees"),
        (np.degrees(REST).tolist(), SetupFault, r"its range is \[.*\] rad.*degrees=True"),
        ([0.0, -0.4, 0.0, -2.35, 0.0, 1.95, 45.0], SetupFault, "told 45 rad for panda_joint7"),
        ([8.0, -0.4, 0.0, -2.35, 0.0, 1.95, 0.0], SetupFault, "told 8 rad for panda_joint1; its range is"),
    ],
)
def test_what_cannot_be_positions_is_refused_in_words(told: Any, fault: type[Exception], words: str) -> None:
    with pytest.raises(fault, match=words):
        read(told)


def test_a_joint_may_be_a_turn_off_or_a_little_outside_its_range() -> None:
    turned = REST.copy()
    turned[0] = 2.0 * math.pi - 0.3
    np.testing.assert_array_equal(read(turned), turned)
    pushed = REST.copy()
    pushed[3] = PANDA.joints[3].upper + 0.1
    np.testing.assert_array_equal(read(pushed), pushed)


@pytest.mark.parametrize(
    ("joints", "theirs"),
    [
        ({}, PANDA.joint_names),
        ({"panda_": "fr3_"}, tuple(f"fr3_joint{i}" for i in range(1, 8))),
        ({"": "left/"}, tuple(f"left/panda_joint{i}" for i in range(1, 8))),
        ({"panda_joint1": "base"}, ("base", *PANDA.joint_names[1:])),
        ({"panda_joint": "j", "panda_joint7": "wrist"}, (*(f"j{i}" for i in range(1, 7)), "wrist")),
    ],
)
def test_joints_are_renamed_one_by_one_or_by_their_beginning(joints: dict[str, str], theirs: tuple[str, ...]) -> None:
    assert JointNames.mapped(PANDA, joints).theirs == theirs


@pytest.mark.parametrize(
    ("joints", "fault", "words"),
    [
        ({"panda_jiont1": "a"}, UnknownName, "Did you mean 'panda_joint1'"),
        ({"fr3_joint1": "panda_joint1"}, UnknownName, "No joint named 'fr3_joint1'"),
        ({"panda_joint1": "a", "panda_joint2": "a"}, SetupFault, "a name of its own; 'a' is none"),
        ({"panda_joint1": ""}, SetupFault, "a name of its own"),
        ({"panda_joint1": 1}, SetupFault, "maps names to names"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(joints: Any, fault: type[Exception], words: str) -> None:
    with pytest.raises(fault, match=words):
        wrap(lambda q: None, joints=joints)


@pytest.mark.parametrize(
    ("told", "fault"), [(math.nan, RobotFault), (None, RobotFault), ("0.04", RobotFault), (40.0, SetupFault)]
)
def test_a_width_is_a_finite_number_of_metres(told: Any, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        width_of(told, 0.08, "width=")
    assert width_of(np.float32(0.05), 0.08, "width=") == pytest.approx(0.05)


def test_a_joint_that_is_lost_on_the_way_is_a_fault_of_the_robot() -> None:
    told = dict(BY_NAME)
    robot = wrap(lambda q: None, state=lambda: told, simulated=True)
    robot.connect()
    told.pop("panda_joint4")
    with pytest.raises(RobotFault, match="tells nothing of panda_joint4"):
        robot.get_observation()


def test_a_state_that_cannot_be_read_leaves_the_robot_disconnected() -> None:
    robot = wrap(lambda q: None, state=lambda: np.degrees(REST), simulated=True)
    for _ in range(2):
        with pytest.raises(SetupFault, match="are those degrees"):
            robot.connect()
    with pytest.raises(RobotFault, match="disconnected"):
        robot.send_action(dict(BY_NAME))
