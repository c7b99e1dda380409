from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lmp.errors import BadFile, LmpError, UnknownName
from lmp.lab.evaluate.source import InstructionSource, TaskSource, read_sources
from lmp.lab.tasks.loader import task_names
from lmp.lab.truth.predicates.support import InTruth


def test_text_files_hold_one_instruction_a_line(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("# blocks\nput the red block in the bowl\n\n  lift the mug  \n")
    assert [source.label for source in read_sources(path)] == ["put the red block in the bowl", "lift the mug"]


def test_json_lines_carry_truth_and_scene(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    path.write_text(
        '{"instruction": "put it in", "world": "tabletop", "truth": {"kind": "in", "object": "mug", "reference": "tray"}}\n'
        '{"instruction": "home"}\n'
    )
    first, second = read_sources(path)
    assert first == InstructionSource(instruction="put it in", world="tabletop", truth=InTruth(object="mug", reference="tray"))
    assert second == InstructionSource(instruction="home")


def test_tasks_by_name_and_all_of_them() -> None:
    (push,) = read_sources("push")
    assert isinstance(push, TaskSource)
    assert [source.label for source in read_sources("tasks")] == list(task_names())
    audited = [source.label for source in read_sources("audit")]
    assert audited[: len(task_names())] == list(task_names())
    assert {"heading", "apart", "gap", "edge", "corner", "drawer", "drawer_part"} == set(audited) - set(task_names())
    assert [source.label for source in read_sources("drawer")] == ["drawer"]


def test_every_bad_line_is_told(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    path.write_text('{"instruction": ""}\nnot json\n{"instruction": "a", "truth": {"kind": "inn"}}\n')
    with pytest.raises(BadFile) as caught:
        read_sources(path)
    text = str(caught.value)
    assert "Line 1: instruction" in text
    assert "Line 2 is not JSON" in text
    assert "Line 3: truth" in text
    (tmp_path / "empty.txt").write_text("# nothing\n")
    with pytest.raises(BadFile, match="no instructions"):
        read_sources(tmp_path / "empty.txt")
    with pytest.raises(BadFile, match="cannot be read"):
        read_sources(tmp_path / "none.txt")
    with pytest.raises(UnknownName, match="Did you mean 'between'"):
        read_sources("betwen")


@given(content=st.binary(max_size=200), suffix=st.sampled_from(["txt", "jsonl", "toml"]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_gives_sources_or_an_error_of_ours(content: bytes, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"any.{suffix}"
    path.write_bytes(content)
    try:
        assert read_sources(path)
    except LmpError as error:
        assert str(error)
