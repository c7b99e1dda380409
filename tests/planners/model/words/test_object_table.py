"""The table says of each object what the scene says, within rounding, whatever its name is."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_scenes import HOSTILE, ball, block, dish, lying_can, scene

from lmp.planners.model.pictures.numbers import numbers_of
from lmp.planners.model.words.object_table import object_table
from lmp.planners.model.words.robot_words import robot_text
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Articulated, Box, ObjectJoint, ObjectPart

LINE = re.compile(
    r'\[(?P<number>\d+|-)\] (?P<name>"(?:[^"\\]|\\.)*"): category .*?; centre \((?P<centre>[^)]*)\), top at z (?P<top>\S+); '
    r"size (?P<size>[^;]*)(?:; yaw (?P<yaw>-?[\d.]+))?"
)


def rows(found: Scene) -> dict[str, tuple[re.Match[str], str]]:
    """Each line below the heading by the name in it, with its match."""
    lines = object_table(found, numbers_of(found)).split("\n")[1:]
    matches = [(LINE.match(line), line) for line in lines]
    return {json.loads(match["name"]): (match, line) for match, line in matches if match is not None}


def floats(text: str, separator: str) -> list[float]:
    return [float(part) for part in text.split(separator)]


coordinate = st.floats(-0.5, 0.5)


@given(coordinate, coordinate, st.floats(0.01, 0.2))
def test_every_number_is_in_it_within_rounding(x: float, y: float, edge: float) -> None:
    found = scene(block("a", x, y, edge=edge), ball("b"), dish("c"), lying_can("d"))
    table = rows(found)
    assert list(table) == ["a", "b", "c", "d", "table"]
    for thing in found.objects:
        match, _ = table[thing.name]
        assert floats(match["centre"], ", ") == pytest.approx(list(thing.centre), abs=5.01e-4)
        assert floats(match["size"], " x ") == pytest.approx(list(thing.size), abs=5.01e-4)
        assert float(match["top"]) == pytest.approx(thing.bounds[1][2], abs=5.01e-4)
    assert float(table["a"][0]["yaw"]) == pytest.approx(0.5, abs=0.005)
    assert table["b"][0]["yaw"] is None, "a ball has no heading to speak of"
    assert [table[name][0]["number"] for name in "abcd"] == ["1", "2", "3", "4"]
    assert table["table"][0]["number"] == "-"


def test_it_says_where_things_are_and_how_they_lie() -> None:
    things = (
        block("low", 0.4, 0.0),
        block("high", 0.4, 0.0, z=0.04),
        dish("dish", 0.5, 0.25),
        block("inside", 0.5, 0.25, z=0.01),
        lying_can("can"),
        block("taken", 0.3, -0.2, z=0.3, held_by="gripper"),
        block("far", 0.9, 0.55),
        block("fallen", 1.4, 0.0, z=-0.7),
        block("fixed", 0.3, 0.4, role="fixture"),
    )
    table = {name: line for name, (_, line) in rows(scene(*things)).items()}
    assert 'on "table"; carries "high"' in table["low"]
    assert 'on "low"' in table["high"]
    assert 'in "dish"' in table["inside"]
    assert 'hollow: opening round, 0.160 across, 0.050 deep, holds "inside"' in table["dish"]
    assert "lying on its side" in table["can"]
    assert "HELD in the hand" in table["taken"]
    assert "OUT OF REACH" in table["far"]
    assert "OUT OF REACH" not in table["low"]
    assert "has fallen off what carried it, OUT OF REACH" in table["fallen"]
    assert ", fixed;" in table["fixed"]


def test_contacts_beside_the_support_are_told() -> None:
    things = (block("a", 0.4, 0.0, touching=("table", "b")), block("b", 0.44, 0.0, touching=("table", "a")))
    assert 'on "table"; touches "b"' in rows(scene(*things))["a"][1]


def test_a_name_stays_a_value_whatever_it_says() -> None:
    plain = [block(f"name {index}", 0.3 + 0.05 * index, 0.0) for index in range(len(HOSTILE))]
    hostile = [thing.model_copy(update={"name": name}) for thing, name in zip(plain, HOSTILE, strict=True)]
    text = object_table(scene(*hostile), numbers_of(scene(*hostile)))
    for thing, name in zip(plain, HOSTILE, strict=True):
        text = text.replace(json.dumps(name, ensure_ascii=False), json.dumps(thing.name))
    assert text == object_table(scene(*plain), numbers_of(scene(*plain)))
    assert set(rows(scene(*hostile))) == {*HOSTILE, "table"}


def test_a_colour_or_category_stays_a_value_too() -> None:
    thing = block("a", 0.4, 0.0).model_copy(update={"colour": 'red", fixed', "category": "block; HELD"})
    line = rows(scene(thing))["a"][1]
    assert line.startswith('[1] "a": category "block; HELD", colour "red\\", fixed", movable;')


def test_a_scene_full_of_things_stays_bounded() -> None:
    names = tuple(f"{index:03d}" + "n" * 61 for index in range(60))
    things = [block(name, 0.2 + 0.08 * (i % 8), -0.4 + 0.08 * (i // 8), touching=names[:60]) for i, name in enumerate(names)]
    text = object_table(scene(*things), numbers_of(scene(*things)))
    assert text.count("\n") == 61
    assert re.search(r"and 4\d more\n", text)
    assert len(text) < 60 * 1500


def test_the_robot_is_told_with_frame_workspace_hand_and_joints() -> None:
    text = robot_text(scene(block("a", 0.4, 0.0)))
    assert "from (0.200, -0.500, 0.000) to (0.750, 0.500, 0.700) m" in text
    assert "Hand: empty; 0.080 m between the fingers." in text
    assert '"j1" 0.25, "j2" -1.50' in text
    assert "y points to the robot's left" in text
    held = robot_text(scene(block(HOSTILE[0], 0.4, 0.0, z=0.3, held_by="gripper"), predicted=True))
    assert f"Hand: holds {json.dumps(HOSTILE[0])};" in held
    assert "predicted" in held
    bare = robot_text(scene(block("a", 0.4, 0.0)), (0.4, 0.0, 0.3), fingers=False)
    assert "Hand: none, the arm has no gripper. The tool point is at (0.400, 0.000, 0.300) m." in bare
    assert "finger" not in bare


def test_joints_are_told_with_their_ranges_and_where_they_are() -> None:
    sides = Box(size=(0.2, 0.2, 0.1))
    slide = ObjectJoint(
        name="drawer", kind="prismatic", parent="a", child="b", axis=(1, 0, 0), lower=0.0, upper=0.2, value=0.05
    )
    hinge = ObjectJoint(name="lid", kind="revolute", parent="a", child="c", axis=(0, 1, 0), lower=0.0, upper=2.0)
    shape = Articulated(parts=tuple(ObjectPart(name=name, shape=sides) for name in "abc"), joints=(slide, hinge))
    chest = SceneObject(name="chest", category="chest", pose=Pose(position=(0.5, 0.0, 0.05)), shape=shape, role="fixture")
    line = next(line for line in object_table(scene(chest), {}).splitlines() if '"chest"' in line)
    assert '"drawer" slides from 0.000 to 0.200 m, now 0.050, a share of 0.25' in line
    assert '"lid" turns from 0.000 to 2.000 rad, now not known' in line
