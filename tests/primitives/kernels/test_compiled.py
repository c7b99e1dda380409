"""The door to Numba: declared types, a cache that follows the sources, no cache where nothing can be written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lmp.primitives.kernels import compiled
from lmp.primitives.kernels.compiled import cache_folder

PROGRAM = """
import logging
import numpy as np
from lmp.primitives.kernels.compiled import KERNELS, REAL, array, filled, inner, kernel

@inner
def _square(x):
    return x * x

@kernel(REAL, array(1), filled(1))
def running_squares(values, out):
    total = 0.0
    for index in range(len(values)):
        total += _square(values[index])
        out[index] = total
    return total

class Told(logging.Handler):
    def emit(self, record):
        told.append(record.getMessage())

told = []
logging.getLogger("lmp.primitives.kernels").addHandler(Told())
logging.getLogger("lmp.primitives.kernels").setLevel(logging.INFO)
values, out = np.arange(4.0), np.empty(4)
values.setflags(write=False)
print(running_squares(values, out), out.tolist(), running_squares.kept, told)
try:
    running_squares(np.ones((4, 2))[:, 0], out)
except TypeError as error:
    print("refused")
print(running_squares.prepare(), [kernel.name for kernel in KERNELS])
"""


def _run(program: Path, cache: Path) -> list[str]:
    environment = {**os.environ, "LMP_CACHE_DIR": str(cache)}
    done = subprocess.run([sys.executable, str(program)], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_a_kernel_is_compiled_once_and_kept(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    answer = "14.0 [0.0, 1.0, 5.0, 14.0]"
    cold, warm = _run(program, tmp_path / "cache"), _run(program, tmp_path / "cache")
    assert cold[0] == f"{answer} True ['compiling running_squares']"
    assert warm[0] == f"{answer} True []"  # The same result, and nothing was compiled.
    assert cold[1:] == warm[1:] == ["refused", "False ['running_squares']"]


def test_without_a_place_to_keep_it_a_kernel_still_runs(tmp_path: Path) -> None:
    program, cache = tmp_path / "program.py", tmp_path / "cache"
    program.write_text(PROGRAM)
    cache.write_text("a file is where the folder would be")
    assert _run(program, cache)[0] == "14.0 [0.0, 1.0, 5.0, 14.0] False ['compiling running_squares']"


def test_the_cache_is_named_after_the_sources(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LMP_CACHE_DIR", str(tmp_path))
    folder = cache_folder()
    assert folder.parent == tmp_path / "kernels"
    source = tmp_path / "copy" / "compiled.py"
    source.parent.mkdir()
    source.write_text("changed")
    compiled._sources.cache_clear()
    try:
        monkeypatch.setattr(compiled, "__file__", str(source))
        assert cache_folder().parent == folder.parent
        assert cache_folder() != folder
    finally:
        compiled._sources.cache_clear()
