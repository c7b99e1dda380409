"""What a robot file lacks, or says otherwise than its URDF, is found and told."""

from __future__ import annotations

from pathlib import Path

import pytest

from lmp.diagnosis.robots.posture_check import gap_words
from lmp.diagnosis.robots.robot_check import check_robot
from lmp.diagnosis.robots.robot_finding import RobotFinding, usable
from lmp.errors import UnknownName
from lmp.robots.robot_file import FOLDER

UR5E, PANDA, XARM = ((FOLDER / f"{name}.toml").read_text() for name in ("ur5e", "panda", "xarm6"))
SOURCE = (
    'source = "Universal Robots, UR5e user manual: working range and speed; acceleration and jerk are not published: assumed"'
)


def findings(folder: Path, text: str, *changes: tuple[str, str]) -> tuple[RobotFinding, ...]:
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "own.toml").write_text(text)
    return check_robot(folder / "own.toml")


def messages(found: tuple[RobotFinding, ...], weight: str) -> str:
    return " ".join(finding.message for finding in found if finding.weight == weight)


def test_assumed_figures_are_noted_and_harm_nothing() -> None:
    found = check_robot("ur5e")
    assert usable(found) and {finding.weight for finding in found} == {"note"}
    assert "shoulder_pan_joint" in messages(found, "note") and "not published: assumed" in messages(found, "note")


def test_an_unknown_name_is_for_the_person_who_typed_it() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'ur5e'"):
        check_robot("ur5")


@pytest.mark.parametrize(
    ("changes", "weight", "words"),
    [
        (((SOURCE, 'source = " "'),), "warning", "No source is given for the limits of shoulder_pan_joint."),
        (
            (("lower = -3.141593", "lower = -3.5"),),
            "warning",
            "Joint 'elbow_joint' may go from -3.5 to 3.142 rad; the URDF's range, where simulators stop it, is -3.142 to 3.142",
        ),
        ((("lower = -3.141593", "lower = -2.5"),), "note", "The range of elbow_joint is narrower than in the URDF."),
        ((("velocity = 3.141593", "velocity = 4.0"),), "warning", "may turn at 4 rad/s; the URDF allows 3.142 rad/s."),
        ((("rest = 2.02", "rest = 3.1"),), "problem", "In the rest posture 'shoulder_link' and 'forearm_link' overlap by "),
        ((("rest = 2.02", "rest = 3.1"),), "warning", "Joint 'elbow_joint' rests 0.042 rad from the end of its range."),
        (
            (("rest = -1.5707963267948966", "rest = 0.0"),),
            "problem",
            "The rest posture is too near to a singularity: the least singular value of the tool's Jacobian is 0.0000; 0.02 is",
        ),
        ((("rest = -1.83", "rest = 0.2"),), "warning", "the tool point is at a height of -"),
        (
            (('    ["wrist_1_link", "wrist_2_link"],\n', ""),),
            "problem",
            "'wrist_1_link' and 'wrist_2_link' touch in 200 of 200 random postures and are not in ignored_pairs.",
        ),
        (
            (('"wrist_1_link", "wrist_2_link"],', '"wrist_1_link", "wrist_2_link"], ["wrist_1_link", "wrist_3_link"],'),),
            "note",
            "'wrist_1_link' and 'wrist_3_link' are ignored, and keep apart in all of 200 random postures.",
        ),
        (
            (('"wrist_1_link", "wrist_2_link"],', '"wrist_1_link", "wrist_2_link"], ["wrist_1_link", "flange"],'),),
            "note",
            "'wrist_1_link' and 'flange' are ignored, and 'flange' has no shape that could touch.",
        ),
        (
            (("distant_pairs = [", 'distant_pairs = [["shoulder_link", "forearm_link"],'),),
            "problem",
            "distant_pairs names 'shoulder_link' and 'forearm_link', which touch in some postures: nobody would see it.",
        ),
        ((("jerk = 5000.0", "jerk = -1.0"), ("rest = 2.02", 'rest = "bent"')), "problem", "joints.0.jerk: "),
        ((("jerk = 5000.0", "jerk = -1.0"), ("rest = 2.02", 'rest = "bent"')), "problem", "joints.2.rest: "),
        ((('tool_link = "flange"', 'tool_link = "flansh"'),), "problem", "Did you mean 'flange'?"),
        ((("urdf/ur5e.urdf", "urdf/ur5.urdf"),), "problem", "The URDF of robot 'ur5e' is not there: "),
        ((("lmp:robots/", "no_such_package:"),), "problem", "The package 'no_such_package'"),
    ],
)
def test_what_an_arm_lacks_is_told(tmp_path: Path, changes: tuple[tuple[str, str], ...], weight: str, words: str) -> None:
    found = findings(tmp_path, UR5E, *changes)
    assert words in messages(found, weight), found
    assert usable(found) == (weight != "problem" and not messages(found, "problem"))


@pytest.mark.parametrize(
    ("text", "change", "words"),
    [
        (PANDA, ("max_width = 0.08", "max_width = 0.1"), "Widths from 88 to 100 mm need 'panda_finger_joint1' at up to 0.05; "),
        (PANDA, ("tip_length = 0.008", "tip_length = 0.004"), "mm past the tool point at most; tip_length says 4.0 mm."),
        (PANDA, ("position = [0.0, 0.0, 0.105]", "position = [0.0, 0.01, 0.105]"), "'panda_leftfinger' is "),
        (PANDA, ("position = [0.0, 0.0, 0.105]", "position = [0.0, 0.0, 0.05]"), "'panda_hand' reaches "),
        (PANDA, ('source = "Franka Hand, product sheet"', ""), "No source is given for the gripper's width, speed and forces."),
        (
            XARM,
            ('    "right_inner_knuckle_joint",\n', ""),
            "Joint 'right_inner_knuckle_joint' follows 'drive_joint' in the URDF, and the robot file does not name it.",
        ),
        (XARM, ("position = 0.4994", "position = 0.42"), "At a width of 36 mm 'left_finger' is "),
    ],
)
def test_what_is_wrong_with_a_gripper_is_told(tmp_path: Path, text: str, change: tuple[str, str], words: str) -> None:
    found = findings(tmp_path, text, change)
    assert words in messages(found, "warning"), found
    assert usable(found)


def test_a_finger_that_is_not_named_as_one_is_found(tmp_path: Path) -> None:
    found = findings(tmp_path, PANDA, ('links = ["panda_leftfinger", "panda_rightfinger"]', 'links = ["panda_leftfinger"]'))
    assert "'panda_rightfinger' moves with the gripper and touches what it holds" in messages(found, "problem")
    assert not usable(found)


@pytest.mark.parametrize("name", ["panda", "xarm6"])
def test_parts_of_a_gripper_that_touch_nothing_need_no_name(name: str) -> None:
    assert usable(check_robot(name)) and "gripper.links" not in str(check_robot(name))


@pytest.mark.parametrize(
    ("distance", "words"),
    [(-0.0317, "overlap by 31.7 mm"), (0.00098, "are 0.98 mm apart; 1 mm are"), (0.0009999, "are 0.99 mm apart; 1 mm are")],
)
def test_how_near_two_links_are_never_contradicts_what_is_needed(distance: float, words: str) -> None:
    assert gap_words(distance).startswith(words)


def test_a_robot_that_looks_the_other_way_is_told_whose_left_it_is(tmp_path: Path) -> None:
    found = findings(tmp_path, PANDA + "\n[T_base_root]\nquat_xyzw = [0.0, 0.0, 1.0, 0.0]\n")
    assert "180 deg off the direction in which the base faces" in messages(found, "warning")
    for name in ("panda", "xarm6", "iiwa14", "ur5e"):
        assert "off the direction in which the base faces" not in messages(check_robot(name), "warning")


@pytest.mark.parametrize("name", ["panda", "xarm6"])
def test_the_gap_between_open_fingers_is_free(name: str) -> None:
    assert "into the gap" not in str(check_robot(name))
