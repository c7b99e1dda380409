"""`lmp repl` as a person uses it, in a real pseudo-terminal, and as a script does, over a pipe."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from pseudo_terminal import PseudoTerminal

from lmp.cli.main import call
from lmp.repl.history_file import history_file

KINEMATIC = ["repl", "--world", "kinematic"]


def test_a_person_talks_to_it_in_a_terminal(tmp_path: Path):
    with PseudoTerminal(KINEMATIC, tmp_path) as terminal:
        terminal.expect("Nothing moves before you approve it.")
        terminal.expect("lmp>")
        terminal.type("/sce\t")
        terminal.expect("/scene")
        terminal.type("\r")
        assert "red_block" in terminal.expect("yellow_block")
        terminal.expect("ball")
        terminal.expect("lmp>")
        terminal.type("pick up the can\r")
        plan = terminal.expect("Carry it out?")
        assert "because" in plan and "checked" in plan and "nothing was moved" in plan
        terminal.expect("approve?")
        terminal.type("yes\r")
        terminal.expect(" % of ")
        terminal.type("\x03")
        terminal.expect("Stopped; the arm is at rest.")
        terminal.expect("lmp>")
        terminal.type("a bit higher\r")
        terminal.expect("lift 0.12 -> 0.17 m")
        terminal.expect("The world is as it was before that motion; trying again.")
        terminal.expect("The conditions held after the motion.")
        terminal.expect("lmp>")
        terminal.type("\x03")
        terminal.expect("Ctrl-C once more leaves.")
        terminal.expect("lmp>")
        terminal.type("\x03")
        assert terminal.status() == 0
    history = tmp_path / "state" / "lmp" / "repl_history"
    assert "+pick up the can" in history.read_text().splitlines()
    assert history.stat().st_mode & 0o077 == 0
    assert len(list((tmp_path / "runs").iterdir())) == 2


def piped(text: bytes, monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    return call([*KINEMATIC, *options])


def test_a_script_talks_to_it_over_a_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.chdir(tmp_path)
    assert piped(b"# first\npick up the mug\n/undo\n/scene", monkeypatch, "--yes") == 0
    out = capsys.readouterr().out
    assert "lmp> pick up the mug\n" in out and "succeeded" in out and "\x1b" not in out
    assert "The world is as it was before: pick up the mug" in out
    assert piped(b"pick up the moon\n", monkeypatch) == 1
    capsys.readouterr()


def test_lines_that_are_no_text_or_too_long_are_refused_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    assert piped(b"\xff\xfe\n" + b"x" * 20000 + b"\n\x1b[2Jhello\n/scene\n", monkeypatch) == 1
    out = capsys.readouterr().out
    assert "A line is text in UTF-8" in out and "A line has at most" in out and "red_block" in out
    assert "\x1b" not in out


@pytest.mark.parametrize("options", [["--world", "nowhere"], ["--planner", "scrpted"], ["--world", "moon"], ["--sed", "1"]])
def test_wrong_use_has_its_own_status(options: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    assert piped(b"", monkeypatch, *options) == 2
    assert capsys.readouterr().err.startswith("lmp: ")


def test_the_history_is_in_the_users_state_folder_or_nowhere(tmp_path: Path):
    assert history_file({"HOME": str(tmp_path)}) == tmp_path / ".local" / "state" / "lmp" / "repl_history"
    assert history_file({}) is None
    (tmp_path / "file").write_text("")
    assert history_file({"XDG_STATE_HOME": str(tmp_path / "file")}) is None
