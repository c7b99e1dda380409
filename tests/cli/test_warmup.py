"""`lmp warmup`: what was compiled, where it is kept, and the lines that a first run prints."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from lmp.cli.compiling_line import ERASE, LOGGER, LONGEST, CompilingLine, tell_of_compiling

FIRST = "lmp: compiling the arithmetic of motions, once on this machine: one to three minutes (`lmp warmup` does it ahead)\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _compiling(line: CompilingLine, *names: str) -> None:
    for name in names:
        line.handle(logging.LogRecord(LOGGER, logging.INFO, "", 0, "compiling %s", (name,), None))


def _lmp(*arguments: str, cache: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ) if cache is None else {**os.environ, "LMP_CACHE_DIR": str(cache)}
    return subprocess.run(
        [sys.executable, "-c", "from lmp.cli.main import main; main()", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )


def test_kernels_that_are_there_are_not_compiled_again() -> None:
    done = _lmp("warmup", "--json")
    facts = json.loads(done.stdout)
    assert facts["compiled"] == [] and facts["kept"] is True and facts["kernels"] > 0
    assert Path(facts["folder"]).is_dir()
    assert done.stderr == ""


def test_one_line_says_that_kernels_are_compiled(capsys: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger(LOGGER)
    before = logger.level, logger.propagate
    try:
        tell_of_compiling()
        tell_of_compiling()
        logger.info("compiling one")
        logger.info("compiling another")
        told = capsys.readouterr().err
        assert told == FIRST
    finally:
        logger.level, logger.propagate = before
        for handler in [handler for handler in logger.handlers if isinstance(handler, CompilingLine)]:
            logger.removeHandler(handler)


def test_without_a_terminal_a_line_every_few_seconds_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    times = iter((100.0, 100.0, 103.0, 108.0, 109.0, 110.0))
    line = CompilingLine(lambda: next(times))
    _compiling(line, "one", "two", "three", "four", LONGEST)
    line.clear()
    assert capsys.readouterr().err == (
        f"{FIRST}lmp: kernel 3: three (8 s so far)\nlmp: kernel 5: {LONGEST}, the longest (10 s so far)\n"
    )


def test_on_a_terminal_one_line_is_rewritten_and_leaves_with_what_comes_next(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(sys, "__stderr__", screen)
    monkeypatch.setenv("TERM", "xterm")
    line = CompilingLine()
    _compiling(line, "one", "two")
    line.clear()
    line.clear()
    assert screen.getvalue() == f"{FIRST}{ERASE}lmp: kernel 1: one{ERASE}lmp: kernel 2: two{ERASE}"


def test_a_command_that_compiles_all_kernels_says_how_many(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kernels = [SimpleNamespace(kept=kept) for kept in (False, True, False)]
    monkeypatch.setattr("lmp.primitives.kernels.compiled.KERNELS", kernels)
    times = iter((0.0, 0.0, 9.0))
    line = CompilingLine(lambda: next(times))
    line.whole = True
    _compiling(line, "one", "two")
    assert capsys.readouterr().err == FIRST.replace(" (`lmp warmup` does it ahead)", "") + (
        "lmp: kernel 2 of 2: two (9 s so far)\n"
    )
