"""Whatever is changed, cut off, removed or added in a record is found; what is left of it can still be read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_record import cut_off, ended

from lmp.cli.retold import retold
from lmp.errors import BadFile, SetupFault
from lmp.record import RunFolder
from lmp.record.check import check

LOGS = ("log.jsonl",)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("records")
    return {"ended": ended(folder / "ended"), "cut off": cut_off(folder / "cut")}


def shown(folder: Path) -> str:
    """What `lmp show` has to say: an outcome, or a file that is broken."""
    run = RunFolder.open(folder)
    try:
        return (run.episode() if run.finished else retold(run)).outcome.value
    except BadFile as error:
        return str(error)


@pytest.mark.parametrize("kind", ["ended", "cut off"])
def test_what_was_not_touched_is_fine(records: dict[str, Path], kind: str) -> None:
    found = check(records[kind])
    assert found.faults == []
    assert bool(found.notes) == (kind == "cut off")
    assert shown(records[kind]) == ("succeeded" if kind == "ended" else "unfinished")


@given(st.data())
@settings(max_examples=200)
@pytest.mark.parametrize("kind", ["ended", "cut off"])
def test_a_flipped_bit_anywhere_is_found(records: dict[str, Path], kind: str, data: st.DataObject) -> None:
    # The checkpoints of a run that has not ended change all the time, and have no hash.
    files = [path for path in sorted(records[kind].rglob("*")) if path.is_file()]
    files = [path for path in files if kind == "ended" or path.name != "checkpoints.sqlite"]
    path = data.draw(st.sampled_from(files))
    content = path.read_bytes()
    place, bits = data.draw(st.integers(0, len(content) - 1)), data.draw(st.integers(1, 255))
    path.write_bytes(content[:place] + bytes([content[place] ^ bits]) + content[place + 1 :])
    try:
        assert check(records[kind]).faults != []
        assert shown(records[kind])
    finally:
        path.write_bytes(content)


@pytest.mark.parametrize("name", LOGS)
def test_a_log_of_an_ended_run_that_is_cut_anywhere_is_found(records: dict[str, Path], name: str) -> None:
    path = records["ended"] / name
    content = path.read_bytes()
    try:
        # Around each line end, where it matters, every byte; within the lines every ninth.
        near = {place + step for place, sign in enumerate(content) if sign == ord("\n") for step in range(-3, 4)}
        for length in sorted(near & set(range(len(content))) | set(range(0, len(content), 9))):
            path.write_bytes(content[:length])
            assert check(records["ended"]).faults != [], length
    finally:
        path.write_bytes(content)


def test_a_log_that_a_kill_cut_anywhere_is_read_as_far_as_it_goes(records: dict[str, Path]) -> None:
    folder = records["cut off"]
    path = folder / "log.jsonl"
    content, whole = path.read_bytes(), RunFolder.open(folder).events()
    ends = [index for index, sign in enumerate(content) if sign == ord("\n")]
    events = [end for end, line in zip(ends, content.splitlines(), strict=True) if b'"event": ' in line]
    try:
        for length in range(len(content)):
            path.write_bytes(content[:length])
            kept = sum(end < length for end in events)
            assert RunFolder.open(folder).events() == whole[:kept]
            assert retold(RunFolder.open(folder)).outcome == "unfinished"
    finally:
        path.write_bytes(content)


@pytest.mark.parametrize("name", ["scenes/0001.json", "images/0001.0.front.png", "trajectories/0001.npz", "settings.json"])
def test_a_file_that_was_removed_or_put_there_is_found(tmp_path: Path, name: str) -> None:
    folder = ended(tmp_path / "run")
    content = (folder / name).read_bytes()
    (folder / name).unlink()
    assert any(name in fault for fault in check(folder).faults)
    (folder / name).write_bytes(content)
    assert check(folder).faults == []
    (folder / "scenes" / "0007.json").write_bytes(content)
    assert [fault for fault in check(folder).faults if "0007" in fault and "is not in log.jsonl" in fault]


def test_lines_that_change_places_are_found(tmp_path: Path) -> None:
    folder = ended(tmp_path / "run")
    for name in LOGS:
        content = (folder / name).read_bytes()
        first, second, *rest = content.splitlines(keepends=True)
        (folder / name).write_bytes(b"".join([second, first, *rest]))
        assert check(folder).faults != []
        (folder / name).write_bytes(content)


def test_the_logs_of_another_run_do_not_fit(tmp_path: Path) -> None:
    one, other = ended(tmp_path / "one"), ended(tmp_path / "other")
    shutil.copy(other / "log.jsonl", one / "log.jsonl")
    assert any("log.jsonl" in fault for fault in check(one).faults)


def test_what_comes_after_the_end_is_found(tmp_path: Path) -> None:
    folder = ended(tmp_path / "run")
    with (folder / "log.jsonl").open("ab") as file:
        file.write(b"and then")
    assert any("goes on after the end" in fault for fault in check(folder).faults)


def test_a_world_state_that_was_changed_is_passed_over(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path / "run", "go") as run:
        for number in range(5):
            run.save_world(lambda path, number=number: path.write_bytes(b"state %d" % number))
        states = sorted((run.path / "world").iterdir())
        assert [state.read_bytes() for state in states] == [b"state 2", b"state 3", b"state 4"]
        assert run.newest_world() == states[2]
        states[2].write_bytes(b"state 9")
        assert run.newest_world() == states[1]
        (run.path / "world" / "0009.state").write_bytes(b"from elsewhere")
        assert run.newest_world() == states[1]
    assert check(run.path).faults != []


@pytest.mark.parametrize("name", ["../../precious", "/precious", "a/../../../precious", ""])
def test_a_forged_manifest_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    """A manifest whose hashes fit is still no reason to touch a file outside of the folder."""
    (tmp_path / "precious").write_text("mine")
    with RunFolder.create(tmp_path / "deep" / "run", "go") as run:
        run.log.remove(name)
    assert any("which is not in the folder" in fault for fault in check(run.path).faults)
    with pytest.raises(BadFile, match="which is not in the folder"):
        RunFolder.resume(run.path)
    assert (tmp_path / "precious").read_text() == "mine"


@pytest.mark.parametrize("name", ["episode.json", "scenes/0001.json", "settings.json", "log.jsonl"])
def test_a_link_to_something_endless_is_found_and_not_read(tmp_path: Path, name: str) -> None:
    folder = ended(tmp_path / "run")
    (folder / name).unlink()
    (folder / name).symlink_to("/dev/zero")
    assert shown_or_refused(folder)
    try:
        assert check(folder).faults != []
    except BadFile as error:
        assert "plain file" in str(error)


def shown_or_refused(folder: Path) -> str:
    try:
        return shown(folder)
    except SetupFault as error:
        return str(error)
