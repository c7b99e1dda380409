"""What the package declares is what it imports, and no more."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
DISTRIBUTION = {
    "pinocchio": "pin",
    "PIL": "pillow",
    "pybullet_data": "pybullet",
    "langgraph.checkpoint.sqlite": "langgraph-checkpoint-sqlite",
    "dotenv": "python-dotenv",
    "pydantic_core": "pydantic-core",
    "prompt_toolkit": "prompt-toolkit",
}
"""Distributions whose name is not that of the module."""


def _declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {re.split(r"[\s<>=!~;\[]", line, maxsplit=1)[0] for line in project["dependencies"]}


def _imported() -> set[str]:
    modules: set[str] = set()
    for path in (ROOT / "lmp").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                modules |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                modules.add(node.module)
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "importlib.import_module":
                modules |= {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
    names = {DISTRIBUTION.get(module) or DISTRIBUTION.get(root := module.partition(".")[0], root) for module in modules}
    return names - {"lmp", *sys.stdlib_module_names}


def test_pybullet_is_loaded_by_name_behind_its_door_only() -> None:
    """import-linter sees imports; this sees what is loaded by name."""
    loading = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "lmp").rglob("*.py")
        if re.search(r"import_module\(.pybullet|find_spec\(.pybullet", path.read_text())
    }
    assert loading
    assert {path for path in loading if not path.startswith("lmp/sims/pybullet/")} == set()


def test_what_is_declared_is_imported() -> None:
    assert sorted(_declared() - _imported()) == []


def test_what_is_imported_is_declared() -> None:
    assert sorted(_imported() - _declared()) == []
