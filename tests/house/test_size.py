"""Files and functions stay short enough to be read at one go."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("lmp", "tests", "examples", "benchmarks", "docs")
    for path in (ROOT / folder).rglob("*.py")
    if "__pycache__" not in path.parts
)
VAGUE = {"utils.py", "util.py", "helpers.py", "helper.py", "common.py", "misc.py", "manager.py", "tools.py"}
LONGEST_FILE, LONGEST_FUNCTION = 400, 60


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST_FILE
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    lengths = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_no_file_has_a_vague_name() -> None:
    assert [str(path.relative_to(ROOT)) for path in SOURCES if path.name in VAGUE] == []


def test_test_files_have_names_of_their_own() -> None:
    """Without packages, pytest tells test files apart by their names."""
    names = [path.name for path in SOURCES if path.name.startswith("test_")]
    assert sorted({name for name in names if names.count(name) > 1}) == []
