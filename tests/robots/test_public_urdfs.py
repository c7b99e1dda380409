"""What URDFs of real robots have: taken, with a warning where something was put right, or refused for what an arm needs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_arm import BOX, INERTIA, obj, ply, robot_file, stl, urdf

from lmp.diagnosis.robots.robot_check import check_robot
from lmp.errors import BadFile
from lmp.primitives.arm.kinematics import Kinematics
from lmp.robots.robot_file import load_robot, robot_urdf
from lmp.sims.kinematic.urdf_chain import UrdfChain

LEG = '<link name="leg">{}</link><joint name="hip" type="{}"><parent link="base"/><child link="leg"/>{}</joint>'
AXIS = '<axis xyz="0 0 1"/>'


def told(file: Path) -> str:
    """The warnings of a robot file that is taken; its two chains agree."""
    robot = load_robot(file)
    q = np.linspace(-1.0, 1.0, 6)
    np.testing.assert_allclose(Kinematics(robot).forward(q), UrdfChain(robot_urdf(robot), robot).forward(q), atol=1e-12)
    return " ".join(robot_urdf(robot).warnings)


def problems(file: Path) -> str:
    return " ".join(finding.message for finding in check_robot(file) if finding.weight == "problem")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (urdf(), ""),
        (urdf(axis="0 0 -1"), ""),
        (urdf(axis="0 0.06 0.999"), ""),
        (urdf(axis="1 1 0"), ""),
        (urdf(axis="0 0 0.5"), ""),
        (urdf(limit=""), "Joints whose range cannot be that of the URDF: j1"),
        (urdf(limit='<limit lower="-2" upper="2" effort="0" velocity="0"/>'), "velocity cannot be that of the URDF: j1 (0"),
        (urdf(limit='<limit lower="0" upper="0" effort="9" velocity="1"/>'), "be that of the URDF: j1 (0 to 0, here -2"),
        (urdf(limit='<limit lower="2" upper="-2" effort="9" velocity="1"/>'), "(2 to -2, here -2 to 2)"),
        (urdf(limit='<limit lower="${-pi}" upper="${pi}" effort="9" velocity="1"/>'), "(${-pi} to ${pi}, here -2 to 2)"),
        (urdf(limit='<limit lower="nan" upper="nan" effort="9" velocity="1"/>'), "j1 (nan to nan, here -2 to 2)"),
        (urdf(limit='<limit lower="-inf" upper="INF" effort="9" velocity="1"/>'), "j1 (-inf to INF, here -2 to 2)"),
        (urdf(limit='<limit lower="-2" upper="2" effort="nan" velocity="1"/>'), "effort cannot be that of the URDF: j1 (nan"),
        (urdf(limit='<limit lower="-2" upper="2" velocity="1"/>'), "effort cannot be that of the URDF: j1 (none"),
        (urdf(limit='<limit lower="-2" upper="2" effort="9" velocity="-1"/>'), "velocity cannot be that of the URDF: j1 (-1"),
        (urdf(limit='<limit lower="-1e16" upper="1e16" effort="9" velocity="1"/>'), ""),
        (urdf(kind="continuous", limit=""), "turn without end in the URDF, and here in the range of the robot file: j1"),
        (urdf(kind="continuous", limit='<limit effort="1" velocity="1"/>'), "turn without end"),
        (urdf(inertia=""), "Links without a usable inertia, which get 0.5 kg for simulations: l1"),
        (urdf(inertia=INERTIA.replace('mass value="1"', 'mass value="0"')), "without a usable inertia"),
        (urdf(inertia=INERTIA.replace('ixx="0.01"', 'ixx="-0.2"')), "without a usable inertia"),
        (urdf(inertia=INERTIA.replace('ixx="0.01"', 'ixx="-5e-20"')), ""),
        (urdf(extra=LEG.format(INERTIA.replace('ixx="0.01"', 'ixx="-5e-20"'), "revolute", AXIS)), "limits are left out: hip"),
        (urdf(extra=LEG.format("", "floating", "")), "Joints that are floating and are held where they are: hip"),
        (urdf(extra=LEG.format("", "planar", AXIS)), "Joints that are planar and are held where they are: hip"),
        (urdf(extra=LEG.format("", "continuous", AXIS)), "without a usable inertia"),
        (urdf(extra=LEG.format(INERTIA, "revolute", '<axis xyz="0 0 0"/>')), "Joints without a usable axis, which are held"),
        (urdf(extra=LEG.format(INERTIA, "continuous", AXIS + '<mimic joint="nothing"/>')), "follow one that is not there"),
        (urdf(extra='<link name="leg"><visual><geometry><mesh filename="gone.stl"/></geometry></visual></link>'
              '<joint name="hip" type="fixed"><parent link="base"/><child link="leg"/></joint>'), "that are left out"),
        (urdf(head="<!DOCTYPE robot>"), ""),
        (urdf(head='<?xml version="1.0" encoding="GB2312"?><!-- 机械臂 -->').encode("gb2312"), ""),
        (urdf(head='<?xml version="1.0"?><!-- 机械臂 -->').encode("gbk"), ""),
        (urdf(head='<?xml version="1.0" encoding="ISO-8859-1"?><!-- é -->').encode("latin-1"), ""),
        (urdf(head='<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16"), ""),
    ],
)  # fmt: skip
def test_what_an_arm_can_do_without_is_a_warning(tmp_path: Path, text: str | bytes, words: str) -> None:
    found = told(robot_file(tmp_path, text))
    assert (words in found) if words else (found == "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (urdf('<mesh filename="gone.stl"/>'), "link 'l1': the mesh 'gone.stl' is not there; looked for"),
        (urdf('<cone radius="1"/>'), "link 'l1': there is no shape <cone>"),
        (urdf('<capsule radius="0.1"/>'), "link 'l1': <capsule> needs `length`"),
        (urdf('<mesh filename="broken.ply"/>'), "cannot be read"),
        (urdf('<mesh filename="file://$(find arm)/a.stl"/>'), "a macro of xacro was not expanded"),
        (urdf('<mesh filename="lfs.stl"/>'), "is a pointer of Git LFS"),
        (urdf('<mesh filename="good.stl" scale="0 1 1"/>'), "<mesh scale> must not be 0"),
        (urdf().replace("collision>", "visual>"), "no link has a <collision>"),
        (urdf(axis="0 0 0"), "joint 'j1': its axis has to have a direction"),
        (urdf(kind="floating"), "is floating; it has to be revolute or prismatic or continuous"),
        (urdf(extra='<joint name="more" type="wheel"><parent link="base"/><child link="l1"/></joint>'), "not supported"),
    ],
)  # fmt: skip
def test_what_an_arm_needs_is_a_problem(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "broken.ply").write_bytes(b"ply\nelement vertex 3\n")
    (tmp_path / "lfs.stl").write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
    (tmp_path / "good.stl").write_bytes(stl())
    assert words in problems(robot_file(tmp_path, text))


@pytest.mark.parametrize("form", ["stl", "STL", "obj", "ply"])
@pytest.mark.parametrize(
    ("filename", "place", "more"),
    [
        ("../meshes/part.{}", "pack/urdf/arm.urdf", ""),
        ("package://pack/meshes/part.{}", "pack/urdf/arm.urdf", ""),
        ("package://pack/meshes/part.{}", "pack/urdf/variants/a/b/arm.urdf", ""),
        ("package://other_name/meshes/part.{}", "pack/urdf/variants/arm.urdf", ""),
        ("package:///pack/meshes/part.{}", "pack/urdf/arm.urdf", ""),
        ("model://pack/meshes/part.{}", "pack/urdf/arm.urdf", ""),
        ("package:\\\\pack\\meshes\\part.{}", "pack/urdf/arm.urdf", ""),
        ("package://pack\\meshes\\part.{}", "pack/urdf/arm.urdf", ""),
        ("package://far/part.{}", "elsewhere/arm.urdf", 'packages = {far = "pack/meshes"}'),
        ("package://pack/meshes/part.{}", "elsewhere/arm.urdf", 'packages = {pack = "pack"}'),
    ],
)  # fmt: skip
def test_meshes_are_found_where_packages_have_them(tmp_path: Path, form: str, filename: str, place: str, more: str) -> None:
    if filename.startswith("package:\\"):
        filename = filename.replace("package:\\\\", "package://")
    (tmp_path / "pack" / "meshes").mkdir(parents=True)
    (tmp_path / "pack" / "package.xml").write_text("<package><name>other_name</name></package>")
    contents = {"stl": stl, "obj": obj, "ply": ply}[form.lower()]()
    (tmp_path / "pack" / "meshes" / f"part.{form.lower()}").write_bytes(contents)
    file = robot_file(tmp_path, urdf(f'<mesh filename="{filename.format(form)}"/>'), place, more)
    assert "cannot" not in told(file)


@pytest.mark.parametrize(
    ("variable", "entry"),
    [("ROS_PACKAGE_PATH", "src"), ("ROS_PACKAGE_PATH", "src/pack"), ("AMENT_PREFIX_PATH", "install")],
)
def test_the_environment_says_where_packages_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, entry: str
) -> None:
    for folder in ("src/pack/meshes", "install/share/pack/meshes"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "part.stl").write_bytes(stl())
    home = tmp_path / "home"
    file = robot_file(home, urdf('<mesh filename="package://pack/meshes/part.stl"/>'))
    with pytest.raises(BadFile, match=r"looked for .*; `packages = \{NAME = \"folder\"\}` in the robot file says"):
        robot_urdf(load_robot(file))
    monkeypatch.setenv(variable, f"/nowhere:{tmp_path / entry}")
    (home / "arm.urdf").write_text(urdf('<mesh filename="package://pack/meshes/part.stl"/>', head=""))
    assert told(file) == ""


@settings(max_examples=40, deadline=None)
@given(axis=st.tuples(*[st.floats(-2.0, 2.0)] * 3).filter(lambda axis: np.linalg.norm(axis) > 0.01))
def test_any_axis_is_the_same_for_both_chains(tmp_path_factory: pytest.TempPathFactory, axis: tuple[float, ...]) -> None:
    folder = tmp_path_factory.mktemp("axis")
    assert told(robot_file(folder, urdf(axis=" ".join(map(str, axis))))) == ""


def test_a_box_is_what_the_small_arm_is_made_of(tmp_path: Path) -> None:
    file = robot_file(tmp_path, urdf(BOX))
    assert not [f for f in check_robot(file) if f.weight == "problem" and f.topic in ("file", "urdf")]


@pytest.mark.parametrize("limit", ["", '<limit effort="1" velocity="1"/>'])
def test_a_joint_without_end_has_no_range_to_be_missed(tmp_path: Path, limit: str) -> None:
    assert "range cannot be" not in told(robot_file(tmp_path, urdf(kind="continuous", limit=limit)))


def test_a_joint_of_the_arm_that_another_drives_is_told(tmp_path: Path) -> None:
    driven = urdf().replace('name="j4" type="revolute">', 'name="j4" type="revolute"><mimic joint="j3"/>')
    words = [finding.message for finding in check_robot(robot_file(tmp_path, driven)) if finding.weight == "warning"]
    assert any(word.startswith("Joint 'j4' of the arm follows 'j3' in the URDF") for word in words)
    assert not any("of the arm follows" in finding.message for finding in check_robot(robot_file(tmp_path, urdf())))


@pytest.mark.parametrize(
    "line", ["lower = -2.0", "upper = 2.0", "velocity = 1.0", "acceleration = 5.0", "jerk = 500.0", "rest = 0.5"]
)
@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_a_limit_of_the_robot_file_that_is_no_number_is_a_problem(tmp_path: Path, line: str, value: str) -> None:
    file, field = robot_file(tmp_path, urdf()), line.partition(" ")[0]
    file.write_text(file.read_text().replace(line, f"{field} = {value}", 1))
    assert f"joints.0.{field}: Input should be a finite number, got {value}" in problems(file)
