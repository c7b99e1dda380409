"""`import lmp` is light, and its list of public names is true."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import lmp

HEAVY = {
    "pybullet", "pinocchio", "coal", "langgraph", "instructor", "openai", "anthropic", "torch", "transformers", "numba",
    "matplotlib", "scipy", "lark", "typer", "rich",
}  # fmt: skip


def _loaded_after(statement: str) -> set[str]:
    code = f"{statement}; import json, sys; print(json.dumps(sorted(m.partition('.')[0] for m in sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("statement", ["import lmp", "import lmp.errors, lmp.stages, lmp.schema.episode, lmp.registry"])
def test_no_large_library_is_loaded(statement: str) -> None:
    assert sorted(_loaded_after(statement) & HEAVY) == []


def test_public_names_exist() -> None:
    assert lmp.__all__
    assert [name for name in lmp.__all__ if not hasattr(lmp, name)] == []
    assert sorted(set(lmp.__all__) - set(dir(lmp))) == []


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = lmp.no_such_name


MOST_FILES = 300
"""Most files of the package that a scripted run in PyBullet loads [count]."""


def test_a_plain_run_loads_no_laboratory_and_few_files(tmp_path: Path) -> None:
    code = (
        "import json, sys\n"
        "from lmp.cli.main import call\n"
        f"asked = ['put the red block in the bowl', '--seed', '3', '--out', {str(tmp_path / 'run')!r}, '--json']\n"
        "status = call(['run', *asked])\n"
        "loaded = sorted(name for name in sys.modules if name.partition('.')[0] == 'lmp')\n"
        "print('\\n' + json.dumps([status, loaded]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    status, loaded = json.loads(done.stdout.splitlines()[-1])
    assert status == 0
    assert [name for name in loaded if name.startswith("lmp.lab")] == []
    assert len(loaded) <= MOST_FILES
