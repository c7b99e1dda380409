"""`lmp runs list | check | prune` and `lmp show` of runs that did not end."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from lmp.cli.main import call
from lmp.record import RunFolder
from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run that ended and one that was cut off before its first motion was verified."""

    class Killed(BaseException):
        """Ends a run as a kill does: nothing is completed."""

    def kill(*_: object) -> None:
        raise Killed

    folder = tmp_path_factory.mktemp("recorded") / "runs"
    with open_world("kinematic:tabletop", seed=3) as world:
        Agent(world).run("push the mug 5 cm to the left", out=folder / "ended", pictures=False)
    with open_world("kinematic:tabletop", seed=3) as world, pytest.raises(Killed):
        Agent(world).run("put the red block in the bowl", out=folder / "cut", pictures=False, before_verify=kill)
    return folder


@pytest.fixture
def runs(recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, below a folder of work that holds other things too."""
    shutil.copytree(recorded, tmp_path / "runs")
    (tmp_path / "runs" / "notes").mkdir()
    (tmp_path / "runs" / "notes" / "mine.txt").write_text("mine")
    (tmp_path / "runs" / "mine.txt").write_text("mine")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "runs" / "link").symlink_to(tmp_path / "runs" / "ended")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "runs"


def printed(capsys: pytest.CaptureFixture[str]) -> object:
    return json.loads(capsys.readouterr().out)


def test_list_names_every_run_newest_first(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["runs", "list", "--json"]) == 0
    cut, ended = printed(capsys)
    assert (cut["name"], cut["state"], cut["outcome"], cut["verified"]) == ("cut", "cut off", None, False)
    assert (ended["name"], ended["state"], ended["outcome"], ended["verified"]) == ("ended", "ended", "succeeded", True)
    assert ended["instruction"] == "push the mug 5 cm to the left"
    assert ended["size"] == sum(path.stat().st_size for path in (runs / "ended").rglob("*") if path.is_file())
    assert call(["runs", "list", str(runs)]) == 0
    out = capsys.readouterr().out
    assert out.index("cut off") < out.index("succeeded")


def test_a_run_is_one_line_in_a_pipe(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["runs", "list"]) == 0
    head, cut, ended = capsys.readouterr().out.splitlines()
    assert head.split() == ["name", "ended", "seconds", "size", "instruction"]
    assert cut.startswith("cut ") and "cut off" in cut and cut.endswith("put the red block in the bowl")
    assert ended.startswith("ended ") and "succeeded" in ended and ended.endswith("push the mug 5 cm to the left")


def test_a_running_run_is_marked(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with RunFolder.resume(runs / "cut"):
        assert call(["runs", "list", "--json"]) == 0
        assert [run["state"] for run in printed(capsys)] == ["running", "ended"]
        assert call(["show", "cut"]) == 0
        assert f"It is still going on: process {os.getpid()} writes to it" in " ".join(capsys.readouterr().out.split())


def test_list_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["runs", "list", str(tmp_path)]) == 0
    assert "There are no runs." in capsys.readouterr().out
    assert call(["runs", "list", str(tmp_path / "nowhere")]) == 2
    assert "There is no folder" in capsys.readouterr().err


def test_check_says_every_fault(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["runs", "check", "--json"]) == 0
    assert [run["ok"] for run in printed(capsys)] == [True, True]
    (runs / "ended" / "report.html").write_text("forged")
    (runs / "ended" / "scenes" / "0001.json").unlink()
    assert call(["runs", "check", "ended", "--json"]) == 1
    (found,) = printed(capsys)
    assert not found["ok"]
    assert any("report.html: it was changed" in fault for fault in found["faults"])
    assert any("scenes/0001.json: it is missing" in fault for fault in found["faults"])
    assert call(["runs", "check", str(runs / "cut"), "ended"]) == 1
    out = capsys.readouterr().out
    assert "2 records, 1 broken." in out
    assert "note: The run has not ended" in out


@pytest.mark.parametrize("run", ["nowhere", "notes", "../elsewhere"])
def test_check_of_what_is_no_run_is_wrong_use(runs: Path, run: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["runs", "check", run]) == 2
    assert "folder" in capsys.readouterr().err


def test_a_motion_that_was_under_way_is_not_called_not_run(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def shown() -> str:
        assert call(["show", "cut"]) == 0
        return " ".join(capsys.readouterr().out.split())

    words = shown()
    assert "unfinished: cut off after this motion, before it was verified" in words
    assert "not run: its turn had not come" in words
    assert call(["show", "cut", "--json"]) == 0
    assert [(one["outcome"], one["attempts"]) for one in printed(capsys)["subgoals"]] == [("unfinished", 1), ("not_run", 0)]
    log = runs / "cut" / "log.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    last = next(number for number, line in enumerate(lines) if b'"moving"' in line)
    log.write_bytes(b"".join(lines[: last + 1]))
    assert "unfinished: cut off during this motion" in shown()
    with RunFolder.resume(runs / "cut"):
        assert "unfinished: under way: its motion has begun" in shown()


def test_show_tells_a_cut_off_run_as_far_as_it_got(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["show", "ended", "--json"]) == 0
    ended = printed(capsys)
    assert call(["show", "cut", "--json"]) == 0
    cut = printed(capsys)
    assert cut.keys() == ended.keys()
    assert (cut["outcome"], cut["verified"], cut["hint"]) == ("unfinished", False, "lmp resume runs/cut")
    assert [subgoal["description"] for subgoal in cut["subgoals"]] == ["pick up red_block", "put red_block in bowl"]
    assert all(subgoal["verdict"]["feasible"] for subgoal in cut["subgoals"])
    assert cut["scene_before"] == ended["scene_before"]
    assert call(["show", "cut"]) == 0
    assert "It was cut off" in capsys.readouterr().out


def test_prune_is_a_dry_run_unless_told(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(runs.rglob("*"))
    assert call(["runs", "prune"]) == 2
    assert "Say which runs may go" in capsys.readouterr().err
    assert call(["runs", "prune", "--keep", "0"]) == 0
    assert "would remove" in (out := capsys.readouterr().out)
    assert "2 runs," in out
    assert sorted(runs.rglob("*")) == before


@pytest.mark.parametrize(
    ("conditions", "gone"),
    [
        (["--keep", "1"], {"ended"}),
        (["--unfinished"], {"cut"}),
        (["--older-than", "1"], set()),
        (["--older-than", "0"], {"cut", "ended"}),
        (["--keep", "1", "--unfinished"], set()),
    ],
)
def test_prune_removes_what_meets_every_condition_and_nothing_else(
    runs: Path, conditions: list[str], gone: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name for path in runs.iterdir()}
    assert call(["runs", "prune", *conditions, "--yes", "--json"]) == 0
    found = printed(capsys)
    assert ({Path(run["run"]).name for run in found["runs"]}, found["removed"]) == (gone, True)
    assert {path.name for path in runs.iterdir()} == before - gone


def test_prune_leaves_a_run_alone_that_holds_something_of_yours(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (runs / "cut" / "my notes.txt").write_text("mine")
    assert call(["runs", "prune", "--keep", "0", "--yes"]) == 0
    assert "left alone" in capsys.readouterr().out
    assert (runs / "cut" / "settings.json").is_file()
    assert not (runs / "ended").exists()


def test_prune_never_takes_a_running_run(runs: Path) -> None:
    with RunFolder.resume(runs / "cut") as run:
        assert call(["runs", "prune", "--keep", "0", "--yes"]) == 0
        run.append("went on")
    assert not (runs / "ended").exists()
