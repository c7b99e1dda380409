"""Robots of several chains: read and checked by name; one moves, and the others are in its way where they are held."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_arm import INERTIA

from lmp.diagnosis.robots.robot_check import check_robot
from lmp.errors import BadFile, SetupFault, UnknownName
from lmp.primitives.arm.kinematics import Kinematics
from lmp.primitives.compiler.compiler import PrimitiveCompiler
from lmp.primitives.skills.home import HOME, HomeParameters
from lmp.primitives.skills.pick import PICK, PickParameters
from lmp.robots.robot_file import load_robot, robot_urdf
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import RobotState, Scene, Workspace
from lmp.sims.kinematic.urdf_chain import UrdfChain

AXES = ("0 0 1", "0 1 0", "0 1 0", "0 0 1", "0 1 0", "0 0 1")
RESTS = (0.0, 0.5, 0.9, 0.0, 0.7, 0.0)


def urdf() -> str:
    """Two arms of six joints on a column that lifts, 0.5 m to the left and right, on a base that turns without end."""
    parts = [
        '<link name="world"/>',
        link("base"),
        link("column"),
        joint("turn", "continuous", "world", "base", "0 0 1", "0 0 0"),
    ]
    parts.append(joint("lift", "prismatic", "base", "column", "0 0 1", "0 0 0.3"))
    for side, y in (("left", 0.5), ("right", -0.5)):
        for number, axis in enumerate(AXES, 1):
            above = "column" if number == 1 else f"{side}_l{number - 1}"
            place = f"0 {y} 0.2" if number == 1 else "0 0 0.2"
            parts += [link(f"{side}_l{number}"), joint(f"{side}_{number}", "revolute", above, f"{side}_l{number}", axis, place)]
    return f'<robot name="two">{"".join(parts)}</robot>'


def link(name: str) -> str:
    return f'<link name="{name}">{INERTIA}<collision><geometry><sphere radius="0.04"/></geometry></collision></link>'


def joint(name: str, kind: str, parent: str, child: str, axis: str, place: str) -> str:
    return (
        f'<joint name="{name}" type="{kind}"><parent link="{parent}"/><child link="{child}"/><origin xyz="{place}"/>'
        f'<axis xyz="{axis}"/><limit lower="-2.5" upper="2.5" effort="9" velocity="2"/></joint>'
    )


def limits(name: str, rest: float) -> str:
    return (
        f'[[joints]]\nname = "{name}"\nlower = -2.5\nupper = 2.5\nvelocity = 2.0\nacceleration = 5.0\njerk = 500.0\n'
        f'rest = {rest}\nsource = "a test"\n'
    )


def two_arms(folder: Path, moves: str = 'moves = "left_arm"', **changes: str) -> Path:
    (folder / "two.urdf").write_text(urdf())
    text = f'name = "two"\nurdf = "two.urdf"\n{moves}\n'
    for side in ("left", "right"):
        names = ", ".join(f'"{side}_{number}"' for number in range(1, 7))
        text += f'[[chains]]\nname = "{side}_arm"\njoints = [{names}]\ntool_link = "{side}_l6"\neffector = "{side}_cup"\n'
        text += "T_link_tool = {position = [0.0, 0.0, 0.1]}\n"
    text += '[[chains]]\nname = "column"\njoints = ["turn", "lift"]\n'
    text += '[[effectors]]\nname = "left_cup"\nkind = "suction"\nlinks = ["left_l6"]\ndiameter = 0.04\nmax_force = 30.0\n'
    text += '[[effectors]]\nname = "right_cup"\nkind = "none"\n'
    for side in ("left", "right"):
        text += "".join(limits(f"{side}_{number}", rest) for number, rest in enumerate(RESTS, 1))
    text += limits("turn", 0.2) + limits("lift", 0.15)
    for old, new in changes.items():
        text = text.replace(old, new)
    file = folder / "two.toml"
    file.write_text(text)
    return file


def scene_of(robot: RobotDescription, q: tuple[float, ...], held: dict[str, float] | None = None) -> Scene:
    names, positions = (*robot.joint_names, *(held or {})), (*q, *(held or {}).values())
    state = RobotState(joint_names=names, positions=positions, velocities=(0.0,) * len(names), gripper_width=0.0)
    return Scene(objects=(), T_world_base=robot.base, robot=state, workspace=Workspace(lower=(-3.0,) * 3, upper=(3.0,) * 3))


def test_one_chain_moves_and_the_others_are_held_at_rest(tmp_path: Path) -> None:
    robot = load_robot(two_arms(tmp_path))
    assert robot.chain == "left_arm" and robot.joint_names == tuple(f"left_{number}" for number in range(1, 7))
    assert [chain.name for chain in robot.held] == ["right_arm", "column"]
    assert robot.suction is not None and robot.gripper is None
    q = np.linspace(-1.0, 1.0, 6)
    T = Kinematics(robot).forward(q)
    np.testing.assert_allclose(T, UrdfChain(robot_urdf(robot), robot).forward(q), atol=1e-12)
    # By hand: the column turned by 0.2 rad and lifted by 0.15 m carries the arm.
    flat = Kinematics(robot.held_at({"turn": 0.0, "lift": 0.0})).forward(q)
    c, s = np.cos(0.2), np.sin(0.2)
    turn = np.array([[c, -s, 0, 0], [s, c, 0, 0], [0, 0, 1, 0.15], [0, 0, 0, 1]])
    np.testing.assert_allclose(T, turn @ flat, atol=1e-12)


def test_the_other_arm_can_be_the_one_that_moves(tmp_path: Path) -> None:
    robot = load_robot(two_arms(tmp_path))
    other = load_robot(two_arms(tmp_path, 'moves = "right_arm"'))
    assert robot.moving("right_arm").joint_names == other.joint_names
    q = np.zeros(6)
    np.testing.assert_allclose(Kinematics(robot.moving("right_arm")).forward(q), Kinematics(other).forward(q))
    with pytest.raises(UnknownName, match=r"No chain named 'rihgt_arm'\. Did you mean 'right_arm'\?"):
        robot.moving("rihgt_arm")


def test_the_held_arm_is_in_the_way_where_it_is_observed(tmp_path: Path) -> None:
    robot = load_robot(two_arms(tmp_path))
    compiler = PrimitiveCompiler(robot, {"home": HOME})
    aside = (RESTS[0] + 0.6, *RESTS[1:])
    free = compiler.compile(HomeParameters(), scene_of(robot, aside))
    assert free.kind == "trajectory", str(free)
    across = {"right_1": 1.5708, "right_2": 1.2, "right_3": 0.4, "right_5": 0.0}
    moved = compiler.compile(HomeParameters(), scene_of(robot, aside, across))
    reaching = Kinematics(robot.held_at(across).moving("right_arm")).forward([1.5708, 1.2, 0.4, 0.0, 0.0, 0.0])
    assert reaching[1, 3] > 0.0, "the other arm reaches over to the left"
    names = compiler.arm.collisions.with_scene(scene_of(robot, aside)).bodies
    assert "right_l6" in names and "left_l6" in names
    assert compiler.robot.held_rest["right_1"] == 1.5708 and compiler.robot.held_rest["right_4"] == RESTS[3]
    assert moved.kind in ("trajectory", "verdict")


def test_what_is_held_can_be_said_only_of_what_is(tmp_path: Path) -> None:
    with pytest.raises(SetupFault, match=r"'two' holds no joint 'nose'; it holds right_1"):
        load_robot(two_arms(tmp_path)).held_at({"nose": 1.0})


def test_a_suction_cup_is_described_and_not_used(tmp_path: Path) -> None:
    robot = load_robot(two_arms(tmp_path))
    verdict = PrimitiveCompiler(robot, {"pick": PICK}).compile(PickParameters(object="block"), scene_of(robot, RESTS))
    assert verdict.kind == "verdict" and "a suction cup, with which no skill works yet" in str(verdict)


def test_each_chain_is_checked_by_name(tmp_path: Path) -> None:
    file = two_arms(tmp_path)
    before, name, after = file.read_text().partition('name = "right_2"\nlower')
    file.write_text(before + name + after.replace("rest = 0.5", "rest = 2.49", 1))
    findings = check_robot(file)
    assert not [finding for finding in findings if finding.topic in ("file", "urdf") and finding.weight == "problem"]
    messages = [finding.message for finding in findings]
    assert "Chain 'right_arm': Joint 'right_2' rests 0.010 rad from the end of its range." in messages
    assert any(
        message.startswith("Chain 'column' is held while 'left_arm' moves, at turn 0.2, lift 0.15") for message in messages
    )
    assert any("suction cup" in message for message in messages)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({'moves = "left_arm"': ""}, "moves: which of the chains left_arm, right_arm, column moves has to be said"),
        ({'moves = "left_arm"': 'moves = "lef_arm"'}, "there is no chain 'lef_arm'. Did you mean 'left_arm'?"),
        ({'effector = "left_cup"': 'effector = "left_cop"'}, "which is not there. Did you mean 'left_cup'?"),
        ({'kind = "suction"': 'kind = "magnet"'}, "of kind 'magnet'; 'parallel', 'suction', or 'none'"),
        ({'joints = ["turn", "lift"]': 'joints = ["turn", "lfit"]'}, "for which no [[joints]] is given. Did you mean 'lift'?"),
        ({'joints = ["turn", "lift"]': 'joints = ["turn"]'}, "joints: 'lift' is in no chain."),
        ({'name = "right_arm"': 'name = "left_arm"'}, "chains: more than one is named 'left_arm'"),
        ({'urdf = "two.urdf"': 'urdf = "two.urdf"\ntool_link = "left_l6"'}, "tool_link: [[chains]] give this; leave it out"),
    ],
)
def test_lists_that_do_not_fit_together_are_told(tmp_path: Path, changes: dict[str, str], words: str) -> None:
    with pytest.raises(BadFile) as caught:
        load_robot(two_arms(tmp_path, **changes))
    assert words in " ".join(caught.value.complaints)


def test_a_held_chain_has_to_be_in_the_urdf(tmp_path: Path) -> None:
    file = two_arms(tmp_path)
    text = file.read_text()
    file.write_text(text.replace('"right_2", "right_3"', '"right_3", "right_2"'))
    with pytest.raises(BadFile, match=r"chain 'right_arm': the robot file does not list its joints from base to tip"):
        robot_urdf(load_robot(file))
