from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from lmp.errors import BadFile
from lmp.files.data_file import MAX_BYTES, read_data_file
from lmp.robots.robot_file import FOLDER
from lmp.schema.base import Model
from lmp.schema.robot import RobotDescription


class Disc(Model):
    kind: Literal["disc"] = "disc"
    radius: float = Field(gt=0.0, description="[m]")


class Slab(Model):
    kind: Literal["slab"] = "slab"
    width: float = Field(gt=0.0, description="[m]")


class Shelf(Model):
    name: str
    things: tuple[Annotated[Disc | Slab, Field(discriminator="kind")], ...] = ()
    by_name: dict[str, Disc] = Field(default_factory=dict)
    spare: Disc | None = None


def complaints(folder: Path, text: str, name: str = "shelf.toml") -> tuple[str, ...]:
    file = folder / name
    file.write_text(text)
    with pytest.raises(BadFile) as caught:
        read_data_file(file, Shelf)
    assert caught.value.path == str(file)
    return caught.value.complaints


def test_the_same_shelf_comes_from_both_forms(tmp_path: Path) -> None:
    (tmp_path / "shelf.toml").write_text('name = "low"\nthings = [{kind = "disc", radius = 0.1}]')
    (tmp_path / "shelf.json").write_text('{"name": "low", "things": [{"kind": "disc", "radius": 0.1}]}')
    wanted = Shelf(name="low", things=(Disc(radius=0.1),))
    assert [read_data_file(tmp_path / f"shelf.{form}", Shelf) for form in ("toml", "json")] == [wanted, wanted]


def test_everything_wrong_comes_at_once_with_its_place_what_came_and_what_is_allowed(tmp_path: Path) -> None:
    text = 'nam = "low"\nthings = [{kind = "disk", radius = 0.1}, {kind = "slab", width = -2.0, widht = 1.0}, {radius = 1.0}]'
    assert set(complaints(tmp_path, text)) == {
        "name: this is needed, a text.",
        "nam: there is no such field. Did you mean 'name'? Known: name, things, by_name, spare.",
        "things.0.kind: 'disk' is not known. Did you mean 'disc'? Known: disc, slab.",
        "things.1.slab.width: Input should be greater than 0, got -2.0. Allowed: above 0 m.",
        "things.1.slab.widht: there is no such field. Did you mean 'width'? Known: kind, width.",
        "things.2: say which `kind` it is, got a table. Known: disc, slab.",
    }


@pytest.mark.parametrize("place", ["spare", "by_name.a"])
def test_fields_are_known_behind_an_option_and_in_a_table(tmp_path: Path, place: str) -> None:
    (found,) = complaints(tmp_path, f'name = "low"\n[{place}]\nradius = 1.0\nradios = 2.0')
    assert found == f"{place}.radios: there is no such field. Did you mean 'radius'? Known: kind, radius."


def test_a_field_of_the_robot_is_named_as_well(tmp_path: Path) -> None:
    file = tmp_path / "bent.toml"
    file.write_text((FOLDER / "panda.toml").read_text().replace("tip_length", "tip_lenght"))
    with pytest.raises(BadFile, match=r"gripper\.tip_lenght: there is no such field\. Did you mean 'tip_length'\?") as caught:
        read_data_file(file, RobotDescription)
    wanted = "how far the fingers reach past the tool point at most [m]: a number, at least 0, at most 0.1"
    assert f"gripper.tip_length: this is needed, {wanted}." in caught.value.complaints


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    assert complaints(tmp_path, "#" * (MAX_BYTES + 1)) == (
        f"It is larger than {MAX_BYTES} bytes, which is the most that is read.",
    )


def test_deep_nesting_is_a_bad_file(tmp_path: Path) -> None:
    assert complaints(tmp_path, "[" * 100_000, "shelf.json")[0] == "It is not JSON that can be read: it nests too deeply."


def test_a_key_of_a_hundred_thousand_parts_needs_no_memory(tmp_path: Path) -> None:
    (found,) = complaints(tmp_path, "a." * 100_000 + "a = 1")
    assert found == "It is not TOML: a dotted key or a text of more than 32 dotted words; at most 32 are allowed."


def test_many_complaints_become_a_few_and_a_number(tmp_path: Path) -> None:
    found = complaints(tmp_path, json.dumps({"name": "low", **{f"x{index}": 1 for index in range(5000)}}), "shelf.json")
    assert len(found) == 31 and found[-1] == "And 4970 more."


def test_keys_that_stand_twice_are_told_in_both_forms(tmp_path: Path) -> None:
    found = complaints(tmp_path, '{"name": "low", "name": "high"}', "shelf.json")
    assert found == ("It is not JSON: the key 'name' stands twice in one object, with 'low' and 'high'.",)
    assert "overwrite" in complaints(tmp_path, 'name = "low"\nname = "high"')[0]


@pytest.mark.parametrize("text", ['\ufeffname = "low"', 'name = "low"\r\n', '\ufeffname = "low"\r\n\r\n'])
def test_byte_order_marks_and_line_ends_of_other_systems_do_no_harm(tmp_path: Path, text: str) -> None:
    (tmp_path / "shelf.toml").write_bytes(text.encode())
    assert read_data_file(tmp_path / "shelf.toml", Shelf).name == "low"


def test_numbers_that_are_none_are_told_with_their_place(tmp_path: Path) -> None:
    for form, text in (("json", '{"name": "a", "spare": {"radius": %s}}'), ("toml", 'name = "a"\nspare = {radius = %s}')):
        for number in ("NaN", "Infinity", "-Infinity", "1e999") if form == "json" else ("nan", "inf", "-inf", "1e999"):
            (found,) = complaints(tmp_path, text % number, f"shelf.{form}")
            assert found.startswith("spare.radius: Input should be a finite number, got ")


def test_a_key_that_would_forge_output_is_shown_escaped(tmp_path: Path) -> None:
    found = " ".join(complaints(tmp_path, '{"name": "a", "\\u001b[2J\\u202e": "\\u001b[2J"}', "shelf.json"))
    assert found.isprintable() and r"\x1b[2J\u202e" in found


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    for name, words in (
        ("folder", "it is a folder; a file is needed"),
        ("pipe", "it is a pipe; a file is needed"),
        ("zero", "it is a device; a file is needed"),
        ("loop", "Too many levels of symbolic links"),
        ("zera", "No such file or directory. Did you mean 'zero.toml'?"),
        ("a" * 5000, "File name too long"),
        ("a\0b", "embedded null byte"),
    ):
        with pytest.raises(BadFile) as caught:
            read_data_file(tmp_path / f"{name}.toml", Shelf)
        assert words in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["name", "things", "by_name", "spare", "kind", "radius", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(data=JSON)
def test_whatever_a_file_holds_it_is_a_shelf_or_a_bad_file(data: object, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / "any.json"
    file.write_text(json.dumps(data))
    try:
        shelf = read_data_file(file, Shelf)
    except BadFile as error:
        assert error.complaints and all(sentence.endswith(".") for sentence in error.complaints)
    else:
        assert Shelf.model_validate_json(shelf.model_dump_json()).name == shelf.name
