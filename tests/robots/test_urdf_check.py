"""URDFs that go wrong in simulators and solvers are refused in words before either sees them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lmp.errors import BadFile
from lmp.robots.robot_file import FOLDER, load_robot, robot_urdf

PANDA = load_robot("panda")
SOURCE = robot_urdf(PANDA).path
URDF = SOURCE.read_text()
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))


def robot_with(folder: Path, urdf: str | bytes) -> Path:
    """A robot file for a URDF of these contents, beside the real meshes."""
    if not (folder / "meshes").exists():
        (folder / "meshes").symlink_to(SOURCE.parent / "meshes")
    (folder / "own.urdf").write_bytes(urdf if isinstance(urdf, bytes) else urdf.encode())
    file = folder / "own.toml"
    file.write_text((FOLDER / "panda.toml").read_text().replace("pybullet_data:franka_panda/panda.urdf", "own.urdf"))
    return file


def complaints(folder: Path, urdf: str | bytes) -> tuple[str, ...]:
    with pytest.raises(BadFile) as caught:
        robot_urdf(load_robot(robot_with(folder, urdf)))
    assert caught.value.path == str(folder.resolve() / "own.urdf")
    assert str(caught.value).isprintable()
    return caught.value.complaints


def swapped(old: str, new: str) -> str:
    assert old in URDF
    return URDF.replace(old, new, 1)


def test_the_unchanged_urdf_is_fine(tmp_path: Path) -> None:
    assert robot_urdf(load_robot(robot_with(tmp_path, URDF))).path == tmp_path.resolve() / "own.urdf"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "collision/link1.obj",
            "collision/link9.obj",
            "link 'panda_link1': the mesh 'package://meshes/collision/link9.obj' is not there",
        ),
        ("package://meshes/collision/link1.obj", "package://../../../etc/passwd", "leaves its folder with '..'"),
        (
            "package://meshes/collision/link1.obj",
            "http://example.org/a.obj",
            "begins with 'http://'; package://, model://, file:// or a plain",
        ),
        ("collision/link1.obj", "visual/link1.exe", "is of an unknown form; known: .obj, .stl, .dae, .ply, .glb"),
        (
            '<axis xyz="0 0 1"/>',
            '<axis xyz="0 0 0"/>',
            "joint 'panda_joint1': its axis has to have a direction, got (0.0, 0.0, 0.0)",
        ),
        (
            '<axis xyz="0 0 1"/>',
            '<axis xyz="0 0"/>',
            "joint 'panda_joint1': <axis xyz> has to be 3 numbers from -1000 to 1000, got",
        ),
        ('<axis xyz="0 0 1"/>', '<axis xyz="0 0 nan"/>', "<axis xyz> has to be 3 numbers from -1000 to 1000, got '0 0 nan'"),
        ('<axis xyz="0 0 1"/>', "<axis/>", "joint 'panda_joint1': <axis> needs `xyz`"),
        ("<geometry>", "<geometri>", "It is not XML"),
        ("<collision>", "<collision/><collision>", "its <collision> needs a <geometry> with one shape of box, sphere"),
        (
            "<collision>",
            "<collision><geometry><bocks/></geometry></collision><collision>",
            "no shape <bocks>. Did you mean 'box'?",
        ),
        ('xyz="0 0 0.333"', 'xyz="0 0 1e400"', "<origin xyz> has to be 3 numbers from -100 to 100, got '0 0 1e400'"),
        ('xyz="0 0 0.333"', 'xyz="0 0 ٣"', "<origin xyz> has to be 3 numbers"),
        (
            '"panda_joint1" type="revolute"',
            '"panda_joint1" type="floating"',
            "joint 'panda_joint1' (joints of the robot file) is floating; it has to be revolute or prismatic or continuous",
        ),
        ('"panda_joint1" type="revolute"', '"panda_joint1" type="revolut"', "Did you mean 'revolute'?"),
        (
            'name="panda_joint1"',
            'name="panda_jont1"',
            "a joint 'panda_joint1' (joints) that is not there. Did you mean 'panda_jont1'?",
        ),
        (
            '<parent link="panda_link0"/>',
            '<parent link="panda_lnk0"/>',
            "its parent link 'panda_lnk0' does not exist. Did you mean",
        ),
        ('<parent link="panda_link0"/>', '<parent link="panda_link3"/>', "its joints go round in a loop: panda_link1"),
        ('<child link="panda_link1"/>', '<child link="panda_link2"/>', "link 'panda_link2' hangs on two joints"),
        (
            '<link name="panda_link1">',
            '<link name="stray"/><link name="panda_link1">',
            "it has 2 roots, one is needed: panda_link0, stray",
        ),
        (
            '<link name="panda_link1">',
            '<link name="panda_link0"/><link name="panda_link1">',
            "more than one link is named 'panda_link0'",
        ),
        (
            '<link name="panda_link1">',
            '<link name="a&#x202e;"/><link name="panda_link1">',
            "its name is 'a\\u202e'; 1 to 64 printable",
        ),
        ("<robot ", "<robt ", "It is not XML: mismatched tag"),
        (
            "<robot ",
            '<!DOCTYPE robot [<!ENTITY a SYSTEM "file:///etc/passwd">]><robot ',
            "document type declaration (<!DOCTYPE ...>)",
        ),
        ("<robot ", f"<!DOCTYPE robot [{LAUGHS}]><robot ", "document type declaration (<!DOCTYPE ...>)"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert words in " ".join(complaints(tmp_path, swapped(old, new)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "It is not XML: no element found"),
        (b"\x00" * 100, "It is not XML"),
        (b"\xff\xfe<\x00r\x00", "It is not XML"),
        (b'<?xml version="1.0" encoding="no-such"?><robot/>', "It is not no-such text, as it says"),
        (b"version https://git-lfs.github.com/spec/v1\n", "It is a pointer of Git LFS"),
        (b'<mujoco model="arm"/>', "It is MJCF, MuJoCo's format, whose reading comes with the MuJoCo engine"),
        (b'<robot xmlns:xacro="x"><xacro:arm/></robot>', "It is xacro, whose macros have to be expanded first"),
        (b'<!DOCTYPE robot SYSTEM "robot.dtd"><robot/>', "that declares something; take it out"),
        (b"<html/>", "its outermost element is <html>, <robot> is needed"),
        (b"<robot/>", "it has no link or no joint."),
        (b"<robot>" * 100_000, "its elements are nested more than 64 deep"),
        (b"<robot>" + b"<link/>" * 60_000 + b"</robot>", "it has more than 50000 elements"),
        (b" " * 4_000_001, "It is larger than 4000000 bytes"),
        (b'<robot><joint type="revolute" name="a"/></robot>', "joint 'a': its parent link '' does not exist."),
    ],
)
def test_what_is_no_urdf_is_refused(tmp_path: Path, text: bytes, words: str) -> None:
    found = complaints(tmp_path, text)
    assert words in " ".join(found) and len(found) <= 31


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.obj", b""), ("not.obj", b"\x00\x01"), ("short.stl", b"x" * 100), ("page.dae", b"<html/>")],
)
def test_a_mesh_that_holds_something_else_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    found = " ".join(complaints(tmp_path, swapped("package://meshes/collision/link1.obj", f"package://{name}")))
    assert name in found and ("bytes; 1 to" in found or "does not hold what" in found)


def test_a_pipe_in_place_of_a_mesh_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.obj")
    assert "is not a file" in " ".join(
        complaints(tmp_path, swapped("package://meshes/collision/link1.obj", "package://pipe.obj"))
    )


def test_all_that_is_wrong_comes_at_once(tmp_path: Path) -> None:
    text = (
        swapped('<origin rpy="0 0 0" xyz="0 0 0.333"/>', '<origin rpy="0 0 0" xyz="0 0"/>')
        .replace("collision/link3.obj", "gone.obj")
        .replace('<axis xyz="0 1 0"/>', '<axis xyz="0 0 0"/>')
    )
    assert len(complaints(tmp_path, text)) == 3


@pytest.mark.parametrize("urdf", ["pybullet_data:../../../etc/passwd", "pybullet_data:/etc/passwd", "a\x1b[2J"])
def test_a_urdf_outside_its_package_is_refused(tmp_path: Path, urdf: str) -> None:
    file = tmp_path / "own.json"
    file.write_text(PANDA.model_copy(update={"urdf": urdf}).model_dump_json())
    with pytest.raises(BadFile, match=r"urdf: a .*path.* is allowed, got "):
        load_robot(file)


def test_a_robot_file_may_be_json(tmp_path: Path) -> None:
    (tmp_path / "own.json").write_text(PANDA.model_dump_json())
    assert load_robot(tmp_path / "own.json") == PANDA


def test_nothing_is_written_to_the_terminal_behind_our_back(tmp_path: Path) -> None:
    """In a process of its own, so that what C++ writes to its file descriptors is seen as well."""
    file = robot_with(tmp_path, swapped("collision/link1.obj", "collision/link9.obj"))
    for address in ("kinematic:tabletop", "pybullet:tabletop"):
        done = subprocess.run(
            [sys.executable, "-c", f"import lmp\ntry: lmp.open_world({address!r}, robot={str(file)!r})\n"
             "except lmp.LmpError as error: print(type(error).__name__)"],
            capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        assert (done.stdout, done.stderr) == ("BadFile\n", "")
