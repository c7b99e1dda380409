"""`lmp warmup`: what was compiled, where it is kept, and the one line that a first run prints."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lmp.cli.compiling_line import LOGGER, CompilingLine, tell_of_compiling


def _lmp(*arguments: str, cache: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ) if cache is None else {**os.environ, "LMP_CACHE_DIR": str(cache)}
    return subprocess.run(
        [sys.executable, "-c", "from lmp.cli.entry import main; main()", *arguments],
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
        assert told == "lmp: compiling the arithmetic of motions, once on this machine (`lmp warmup` does it ahead)\n"
    finally:
        logger.level, logger.propagate = before
        for handler in [handler for handler in logger.handlers if isinstance(handler, CompilingLine)]:
            logger.removeHandler(handler)
