"""`import lmp` is light, and its list of public names is true."""

from __future__ import annotations

import json
import subprocess
import sys

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
