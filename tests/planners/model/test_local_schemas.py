"""What local answers are held to: tighter than the schema, never wider, and of a length that can be told before."""

from __future__ import annotations

import json
import sys

import pytest

from lmp.errors import SetupFault
from lmp.model_settings import ModelSettings
from lmp.planners.model.answers import correct_answer, decompose_answer, plan_answer
from lmp.planners.model.local.longest_answer import longest_answer, schema_that_fits
from lmp.planners.model.local.memory import out_of_memory
from lmp.planners.model.local.pace import DECIMALS, Pace
from lmp.planners.model.local.placement import Abilities, Placement, placement_for
from lmp.planners.model.local.tight_schema import tightened
from lmp.planners.model.transformers_client import TransformersClient
from lmp.registry import known, load

SPECS = {name: load("skill", name).spec for name in known("skill")}


def _read(pace: Pace, text: str) -> Pace:
    for sign in text:
        pace.read(sign.encode(), free=True)
    return pace


@pytest.mark.parametrize(
    ("abilities", "placement"),
    [
        (Abilities(), Placement("cpu", "float32")),
        (Abilities(cpu_bfloat16=True), Placement("cpu", "bfloat16")),
        (Abilities(mps=True, cpu_bfloat16=True), Placement("mps", "float16")),
        (Abilities(cuda=True, mps=True), Placement("cuda", "float16")),
        (Abilities(cuda=True, cuda_bfloat16=True), Placement("cuda", "bfloat16")),
    ],
)
def test_the_fastest_device_in_numbers_that_it_can_compute(abilities: Abilities, placement: Placement) -> None:
    assert placement_for(abilities) == placement


def test_tags_and_lists_have_to_be_written_and_options_stay_apart() -> None:
    tight = tightened(plan_answer(SPECS).model_json_schema(), 64)
    assert "subgoals" in tight["required"] and "refusal" not in tight["required"]
    assert "kind" in tight["$defs"]["PickParameters"]["required"]
    assert "oneOf" not in json.dumps(tight) and "discriminator" not in json.dumps(tight)


@pytest.mark.parametrize(
    ("given", "tight"),
    [
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 2}, {"type": "number", "minimum": 10.0**-DECIMALS, "maximum": 2}),
        ({"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 9}, {"type": "integer", "minimum": 1, "maximum": 8}),
        ({"type": "array", "items": {"const": 1}}, {"type": "array", "minItems": 0, "maxItems": 5, "items": {"const": 1}}),
        ({"type": "string", "maxLength": 0}, {"const": ""}),
        (
            {"type": "string", "maxLength": 9, "pattern": "^a+$"},
            {"type": "string", "minLength": 0, "maxLength": 9, "pattern": "^a+$"},
        ),
    ],
)
def test_bounds_are_closed(given: dict[str, object], tight: dict[str, object]) -> None:
    assert tightened(given, 5) == tight


def test_an_open_object_is_closed_and_an_unbounded_number_gets_ends() -> None:
    assert tightened({"type": "object", "additionalProperties": True}, 5)["additionalProperties"] is False
    number = tightened({"type": "number"}, 5)
    assert number["minimum"] == -number["maximum"] < 0


def test_the_longest_answer_is_an_answer_and_its_lists_are_full() -> None:
    answer = correct_answer(SPECS["push"])
    longest = json.loads(longest_answer(tightened(answer.model_json_schema(), 20)))
    assert set(longest) == set(answer.model_fields)
    assert [len(longest["primitive"]["path"][axis]) for axis in "xyz"] == [20, 20, 20]


@pytest.mark.parametrize("room", [600, 2000, 8000, 60_000])
def test_lists_get_shorter_until_the_answer_fits(room: int) -> None:
    schema = decompose_answer(SPECS).model_json_schema()
    tight, longest = schema_that_fits(schema, room, len)
    most = tight["properties"]["subgoals"]["maxItems"]
    assert most == min(longest, 32) and longest not in (8, 16, 32)
    assert len(longest_answer(tight)) <= room or most == 1
    assert most == 32 or len(longest_answer(tightened(schema, 32))) > room


def test_a_schema_that_contains_itself_has_no_longest_answer() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}, "additionalProperties": False}
    with pytest.raises(ValueError, match="contains itself"):
        longest_answer(tightened({"$ref": "#/$defs/Node", "$defs": {"Node": node}}, 3))


def test_a_text_has_half_of_what_is_left() -> None:
    pace = _read(Pace(16), '{"a":"')
    for _ in range(7):
        assert not pace.text_is_long
        pace.read(b"x", free=True)
    assert pace.text_is_long
    assert not _read(pace, '","b":"').text_is_long
    assert not _read(Pace(0), "{").text_is_long


def test_quotes_that_are_escaped_do_not_end_a_text() -> None:
    assert _read(Pace(0), '{"a":"x\\"').text_is_long
    assert not _read(Pace(0), '{"a":"x\\\\"').text_is_long


def test_what_is_written_without_a_choice_is_no_text() -> None:
    pace = Pace(4)
    for sign in b'{"reasoning':
        pace.read(bytes([sign]), free=False)
    assert not pace.text_is_long


def test_a_number_has_so_many_decimals() -> None:
    assert not _read(Pace(9), '{"a":123456.' + "1" * (DECIMALS - 1)).number_is_long
    assert _read(Pace(9), '{"a":-0.' + "0" * DECIMALS).number_is_long
    assert not _read(Pace(9), '{"a":[0.' + "1" * DECIMALS + ",").number_is_long
    assert not _read(Pace(99), '{"a":"0.' + "1" * DECIMALS).number_is_long


def test_memory_that_ran_out_is_known_by_what_is_said() -> None:
    assert out_of_memory(MemoryError())
    assert out_of_memory(RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 99 bytes"))
    assert not out_of_memory(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))


def test_an_extra_that_is_missing_is_named(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.json").write_text("{}")
    monkeypatch.setitem(sys.modules, "llguidance", None)
    with pytest.raises(SetupFault, match=r"need .*`llguidance`.* not installed: pip install 'lmp-robotics\[local\]'"):
        TransformersClient(str(tmp_path), ModelSettings())


def test_the_folder_is_looked_at_before_the_extra(tmp_path) -> None:
    with pytest.raises(SetupFault, match="There is no folder"):
        TransformersClient(str(tmp_path / "none"), ModelSettings())
