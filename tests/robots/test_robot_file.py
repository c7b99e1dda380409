from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.errors import BadFile, LmpError, SetupFault, UnknownName
from lmp.robots.robot_file import FOLDER, load_robot, robot_names, robot_urdf

PANDA = (FOLDER / "panda.toml").read_text()


def test_the_panda_has_the_limits_of_its_makers_sheet() -> None:
    panda = load_robot("panda")
    assert "panda" in robot_names()
    assert [joint.upper for joint in panda.joints] == [2.8973, 1.7628, 2.8973, -0.0698, 2.8973, 3.7525, 2.8973]
    assert [joint.lower for joint in panda.joints] == [-2.8973, -1.7628, -2.8973, -3.0718, -2.8973, -0.0175, -2.8973]
    assert [joint.velocity for joint in panda.joints] == [2.175] * 4 + [2.61] * 3
    assert [joint.acceleration for joint in panda.joints] == [15, 7.5, 10, 12.5, 15, 20, 20]
    assert [joint.jerk for joint in panda.joints] == [7500, 3750, 5000, 6250, 7500, 10000, 10000]
    assert all("Franka" in joint.source for joint in panda.joints)


def test_the_urdf_is_found_without_loading_its_package() -> None:
    loaded = "pybullet_data" in sys.modules
    path = robot_urdf(load_robot("panda")).path
    assert path.name == "panda.urdf" and "panda_joint1" in path.read_text()
    assert ("pybullet_data" in sys.modules) == loaded


def test_an_unknown_robot_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownName, match=r"No robot named 'pandra'\. Did you mean 'panda'\?"):
        load_robot("pandra")


def test_all_complaints_about_a_file_come_at_once(tmp_path: Path) -> None:
    file = tmp_path / "bent.toml"
    file.write_text(
        PANDA.replace("jerk = 7500.0", "jerk = -1.0", 1).replace("max_width = 0.08", 'max_width = "wide"') + "\nwheels = 4\n"
    )
    with pytest.raises(BadFile) as caught:
        load_robot(file)
    assert len(caught.value.complaints) == 3
    text = str(caught.value)
    assert "joints.0.jerk" in text and "gripper.max_width" in text and "wheels" in text


def test_a_missing_file_and_one_that_is_not_toml_are_bad_files(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="cannot be read"):
        load_robot(tmp_path / "absent.toml")
    (tmp_path / "broken.toml").write_text("name = ")
    with pytest.raises(BadFile, match="not TOML"):
        load_robot(tmp_path / "broken.toml")


def test_a_relative_urdf_belongs_to_the_robot_files_folder(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(PANDA.replace("pybullet_data:franka_panda/panda.urdf", "arm/own.urdf"))
    description = load_robot(str(tmp_path / "own.toml"))
    assert Path(description.urdf) == tmp_path.resolve() / "arm" / "own.urdf"
    with pytest.raises(SetupFault, match="is not there"):
        robot_urdf(description)
    (tmp_path / "arm").mkdir()
    for mesh in robot_urdf(load_robot("panda")).path.parent.glob("meshes/*/*"):
        (tmp_path / "arm" / mesh.relative_to(mesh.parents[2]).parent).mkdir(parents=True, exist_ok=True)
        (tmp_path / "arm" / mesh.relative_to(mesh.parents[2])).symlink_to(mesh)
    (tmp_path / "arm" / "own.urdf").write_text(robot_urdf(load_robot("panda")).path.read_text())
    assert robot_urdf(description).path == tmp_path.resolve() / "arm" / "own.urdf"


def test_a_misspelt_joint_is_told_before_the_groups_that_spell_it_right(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(PANDA.replace('name = "panda_joint4"', 'name = "panda_jiont4"'))
    with pytest.raises(BadFile) as caught:
        load_robot(tmp_path / "own.toml")
    first, second = caught.value.complaints
    assert "a joint 'panda_jiont4' (joints) that is not there. Did you mean 'panda_joint4'?" in first
    assert "groups name 'panda_joint4'" in second and second.endswith("there is 'panda_jiont4', which no group names.")


def test_a_joint_that_is_left_out_is_told_as_such(tmp_path: Path) -> None:
    before, fourth, rest = PANDA.partition('[[joints]]\nname = "panda_joint4"')
    (tmp_path / "own.toml").write_text(before + rest[rest.index("[[joints]]") :])
    with pytest.raises(BadFile) as caught:
        load_robot(tmp_path / "own.toml")
    assert fourth and len(caught.value.complaints) == 1
    assert "groups name 'panda_joint4', for which no [[joints]] is given, nor" in caught.value.complaints[0]


def test_what_is_there_and_is_no_robot_file_is_told_as_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "panda.urdf").write_text("<robot/>")
    with pytest.raises(BadFile, match="It is a folder; the name of a robot"):
        load_robot(tmp_path)
    with pytest.raises(BadFile, match=r"It is a file of another kind; .* Did you mean 'panda'"):
        load_robot(tmp_path / "panda.urdf")


def test_a_missing_package_is_named() -> None:
    description = load_robot("panda").model_copy(update={"urdf": "no_such_package:arm.urdf"})
    with pytest.raises(SetupFault, match=r"'no_such_package'.* is not installed"):
        robot_urdf(description)


@settings(max_examples=60)
@given(line=st.integers(0, PANDA.count("\n")), text=st.text(max_size=20))
def test_a_changed_file_loads_or_is_refused_in_words(tmp_path_factory: pytest.TempPathFactory, line: int, text: str) -> None:
    lines = PANDA.split("\n")
    lines[line] = text
    file = tmp_path_factory.mktemp("robot") / "changed.toml"
    file.write_bytes("\n".join(lines).encode("utf-8", errors="surrogatepass"))
    try:
        assert math.isfinite(sum(load_robot(file).rest))
    except LmpError as error:
        assert "changed.toml" in str(error)
