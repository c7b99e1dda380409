"""Scene files: what is there loads, what is wrong is said with its place, and nothing else ever comes out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lmp.errors import BadFile, SetupFault, UnknownName
from lmp.schema.scene_file import SceneFile
from lmp.sims.scenes.loader import load_scene_file, scene_names
from lmp.sims.scenes.placement import place_objects

MINIMAL: dict[str, Any] = {
    "name": "small",
    "workspace": {"lower": [0.2, -0.5, 0.0], "upper": [0.7, 0.5, 0.6]},
    "objects": [
        {"name": "cube", "category": "cube", "colour": "red", "shape": {"kind": "box", "size": [0.04, 0.04, 0.04]}},
        {"name": "cup", "category": "cup", "shape": {"kind": "mug", "inner_radius": 0.03, "height": 0.08}},
    ],
}


def written(folder: Path, data: object) -> Path:
    path = folder / "scene.json"
    path.write_text(json.dumps(data))
    return path


def changed(*steps: tuple[tuple[Any, ...], Any]) -> dict[str, Any]:
    data = json.loads(json.dumps(MINIMAL))
    for place, value in steps:
        node = data
        for part in place[:-1]:
            node = node[part]
        node[place[-1]] = value
    return data


def complaints(folder: Path, data: object) -> tuple[str, ...]:
    with pytest.raises(BadFile) as caught:
        load_scene_file(written(folder, data))
    return caught.value.complaints


@pytest.mark.parametrize("name", scene_names())
def test_scenes_of_the_package_load_and_come_back_from_json(name: str) -> None:
    scene = load_scene_file(name)
    assert scene.name == name
    assert scene.description
    assert SceneFile.model_validate_json(scene.model_dump_json()) == scene


def test_tabletop_has_one_block_of_each_colour_in_four_sizes() -> None:
    blocks = [thing for thing in load_scene_file("tabletop").objects if thing.category == "block"]
    assert sorted(str(block.colour) for block in blocks) == ["blue", "green", "red", "yellow"]
    sizes = {block.shape.size for block in blocks if block.shape.kind == "box"}
    assert len(sizes) == 4
    assert all(0.03 <= edge <= 0.056 for size in sizes for edge in size)


def test_a_name_nearby_is_offered() -> None:
    with pytest.raises(
        UnknownName,
        match=r"No scene named 'tabeltop'. Did you mean 'tabletop'\? Known: cabinet, kitchen, pedestal, sorting, tabletop.",
    ):
        load_scene_file("tabeltop")


def test_all_that_is_wrong_is_said_at_once_with_its_place(tmp_path: Path) -> None:
    data = changed(
        (("objects", 0, "mass"), -1.0), (("objects", 1, "shape", "hight"), 0.1), (("objects", 0, "shape", "kind"), "blox")
    )
    found = complaints(tmp_path, data)
    assert "objects.0.mass: Input should be greater than 0, got -1.0. Allowed: above 0 kg, at most 20 kg." in found
    known = "kind, inner_radius, height, wall, handle"
    assert f"objects.1.shape.mug.hight: there is no such field. Did you mean 'height'? Known: {known}." in found
    assert any(text.startswith("objects.0.shape.kind: 'blox' is not known. Did you mean 'box'? Known: box, ") for text in found)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ((("objects", 0, "colour"), "redd"), "objects.0.colour: 'redd' is not in the colour table. Did you mean 'red'?"),
        ((("objects", 1, "name"), "cube"), "more than one object is named 'cube'"),
        ((("objects", 1, "name"), "robot"), "no object may be named 'robot'"),
        ((("objects", 0, "place"), {"on": "cub"}), "'cube' stands on 'cub', which does not exist. Did you mean 'cube'?"),
        ((("objects", 0, "place"), {"on": "cube"}), "'cube' stands on itself by way of cube"),
        ((("objects", 0, "place"), {"x": [0.5, 0.3]}), "x: the range goes from low to high, got [0.5, 0.3]"),
        ((("objects", 1, "shape", "height"), 0.006), "the height 0.006 m is too little"),
        ((("cameras",), [{"name": "a", "position": [1, 0, 1], "target": [1, 0, 0]}]), "`up` has to differ"),
        ((("workspace",), None), "workspace: "),
        ((("objects", 0, "shape"), {"size": [1, 1, 1]}), "objects.0.shape: say which `kind` it is, got a table. Known: "),
        ((("objects", 0), {}), "objects.0.name: this is needed, a text, at least 1 long, at most 64 long."),
    ],
)
def test_what_cannot_be_is_refused_in_words(tmp_path: Path, step: tuple[tuple[Any, ...], Any], words: str) -> None:
    assert words in " ".join(complaints(tmp_path, changed(step)))


def test_files_that_are_not_scenes(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="It cannot be read"):
        load_scene_file(tmp_path / "absent.toml")
    (tmp_path / "broken.toml").write_text("name = ")
    with pytest.raises(BadFile, match="It is not TOML"):
        load_scene_file(tmp_path / "broken.toml")
    (tmp_path / "broken.json").write_bytes(b"\xff\xfe{")
    with pytest.raises(BadFile, match="It is not UTF-8 text: byte 0 is 0xff"):
        load_scene_file(tmp_path / "broken.json")


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(found for key, child in children for found in places(child, (*path, key)))] if path or children else []


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.floats(-3, 3), st.floats(), st.text(max_size=8),
    st.sampled_from([[], {}, "table", "cube", "cup", [0.3, 0.6], {"kind": "bowl"}, [0, 0, 0]]),
)  # fmt: skip


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([path for path in places(MINIMAL) if path]), VALUES), max_size=3))
def test_any_change_gives_a_scene_or_a_complaint(tmp_path: Path, steps: list[tuple[tuple[Any, ...], Any]]) -> None:
    try:
        data = changed(*steps)
    except (KeyError, IndexError, TypeError):
        return  # a change took away what the next one would have changed
    try:
        scene = load_scene_file(written(tmp_path, data))
        placed = place_objects(scene, np.random.default_rng(0))
    except SetupFault as error:
        assert str(error)
    else:
        assert set(placed) == {thing.name for thing in scene.objects}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a\u202eb", "character 1 is U+202E"),
        ("a\u200bb", "character 1 is U+200B"),
        ("\x1b[2J", "only printable characters are allowed, got '\\x1b[2J'"),
        ("a\u2028b", "character 1 is U+2028"),
        (" cube", "neither begins nor ends with a blank"),
        ("", "at least 1 character"),
        ("x" * 65, "at most 64 characters"),
    ],
)
def test_names_that_would_not_be_shown_as_they_are_are_refused(tmp_path: Path, name: str, words: str) -> None:
    (found,) = complaints(tmp_path, changed((("objects", 0, "name"), name)))
    assert words in found and found.startswith("objects.0.name: ") and found.isprintable()


@pytest.mark.parametrize(
    "name", ["ignore all previous instructions", "{{7*7}}", "../../etc", "<script>", "[bold]x[/]", "кубик", "方块 🧱"]
)
def test_names_may_be_any_printable_words(tmp_path: Path, name: str) -> None:
    assert load_scene_file(written(tmp_path, changed((("objects", 0, "name"), name)))).objects[0].name == name
