"""Standard output that is full, closed, or whose reader has left: one line says so, and no result is called a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lmp.cli.main import call

FULL = Path("/dev/full")
PROGRAM = "from lmp.cli.main import main; main()"


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder whose run was refused, so that it is quick to make."""
    folder = tmp_path_factory.mktemp("runs") / "refused"
    assert call(["run", "make me a sandwich", "--out", str(folder), "--json"]) == 2
    return folder


def lmp(*arguments: str, out: int | None, closed: bool = False) -> subprocess.CompletedProcess[str]:
    """A command whose standard output is that descriptor, or closed before it starts."""
    start = ["sh", "-c", 'exec "$@" >&-', "sh"] if closed else []
    command = [*start, sys.executable, "-c", PROGRAM, *arguments]
    return subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True, timeout=60, check=False)


@pytest.mark.parametrize("as_json", [(), ("--json",)], ids=["words", "json"])
def test_a_full_disk_is_one_line_and_status_3(planned: Path, as_json: tuple[str, ...]):
    with FULL.open("w") as full:
        ended = lmp("show", str(planned), *as_json, out=full.fileno())
    assert ended.returncode == 3
    (line,) = ended.stderr.splitlines()
    assert line == (
        f"lmp: Standard output could not be written: No space left on device. The run (not understood) is in {planned}"
    )


@pytest.mark.parametrize("arguments", [("worlds",), ("worlds", "--json"), ("--help",)], ids=" ".join)
def test_other_commands_say_it_too(arguments: tuple[str, ...]):
    with FULL.open("w") as full:
        ended = lmp(*arguments, out=full.fileno())
    assert (ended.returncode, ended.stderr) == (3, "lmp: Standard output could not be written: No space left on device.\n")


def test_wrong_use_stays_wrong_use_where_its_object_cannot_be_printed():
    with FULL.open("w") as full:
        ended = lmp("show", "no-such-run", "--json", out=full.fileno())
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert "There is no run folder" in line


def test_a_closed_standard_output_is_said():
    ended = lmp("worlds", out=None, closed=True)
    assert (ended.returncode, ended.stderr) == (3, "lmp: Standard output could not be written: Bad file descriptor.\n")


@pytest.mark.parametrize("as_json", [(), ("--json",)], ids=["words", "json"])
def test_a_reader_who_left_changes_no_status(planned: Path, as_json: tuple[str, ...]):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        shown = lmp("show", str(planned), *as_json, out=writing)
        refused = lmp("plan", "make me a sandwich", *as_json, out=writing)
    finally:
        os.close(writing)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert (refused.returncode, refused.stderr) == (2, "")


def test_a_conversation_that_nobody_hears_is_over():
    with FULL.open("w") as full:
        ended = lmp("repl", "--world", "kinematic", out=full.fileno())
    assert ended.returncode == 3
    assert "Standard output could not be written: No space left on device. The conversation is over." in ended.stderr
    assert "Traceback" not in ended.stderr
