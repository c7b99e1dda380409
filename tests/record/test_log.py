from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmp.errors import BadFile
from lmp.meaning.failures import DROPPED
from lmp.record.log import Log
from lmp.record.plain_json import plain
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Refusal

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
WORD = st.text(st.characters(categories=("Ll",)), min_size=1).filter(lambda word: word not in ("name", "self"))


@given(st.lists(st.tuples(st.text(), st.dictionaries(WORD, JSON, max_size=3)), max_size=6))
def test_events_come_back_in_order(
    tmp_path_factory: pytest.TempPathFactory, happened: list[tuple[str, dict[str, object]]]
) -> None:
    folder = tmp_path_factory.mktemp("log")
    log = Log(folder)
    for name, data in happened:
        log.append(name, **data)
    events = Log(folder).events()
    assert [(event.name, event.data) for event in events] == happened
    assert [event.index for event in events] == list(range(len(happened)))
    assert [event.seconds for event in events] == sorted(event.seconds for event in events)
    assert [event.time for event in events] == sorted(event.time for event in events)


@given(st.integers(1, 200))
def test_a_torn_last_line_is_not_read_and_the_next_writer_goes_on(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    folder = tmp_path_factory.mktemp("log")
    log = Log(folder)
    for index in range(3):
        log.append("perceived", scene=f"{index:04d}")
    path = log.path
    whole = path.read_bytes()
    last = len(whole.splitlines(keepends=True)[-1])
    path.write_bytes(whole[: len(whole) - min(cut, last)])
    assert [event.data["scene"] for event in Log(folder).events()] == ["0000", "0001"]
    before = path.read_bytes()
    assert Log(folder).events()
    assert path.read_bytes() == before, "reading changes nothing"
    Log(folder).append("closed")
    events = Log(folder).events()
    assert [(event.index, event.name) for event in events] == [(0, "perceived"), (1, "perceived"), (2, "closed")]
    assert events[2].seconds >= events[1].seconds


def test_an_event_is_in_the_file_when_append_returns(tmp_path: Path) -> None:
    log = Log(tmp_path)
    for count in range(1, 5):
        log.append("perceived")
        assert (tmp_path / "log.jsonl").read_bytes().count(b"\n") == count


@pytest.mark.parametrize("line", [b"{}", b"[]", b"nonsense", b'"text"', b"\xff\xfe", b"[" * 100_000])
def test_a_whole_line_that_is_no_event_is_a_fault_with_its_number(tmp_path: Path, line: bytes) -> None:
    log = Log(tmp_path)
    log.append("perceived")
    with log.path.open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(BadFile, match="Line 2 is not a line of the log"):
        log.events()


def test_no_file_is_no_events(tmp_path: Path) -> None:
    assert Log(tmp_path).events() == ()


@dataclasses.dataclass
class Pair:
    left: object
    right: object


def test_whatever_an_event_carries_becomes_plain_json() -> None:
    refusal = Refusal(reason="absent", message="no mug")
    value = Pair(DROPPED, (np.float64(0.5), np.arange(3), Path("a") / "b", float("nan"), {1: {Outcome.PLANNED}}))
    assert plain(value) == {"left": "dropped", "right": [0.5, [0, 1, 2], "a/b", None, {"1": ["planned"]}]}
    assert plain(refusal)["message"] == "no mug"
