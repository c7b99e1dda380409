"""No module of the package imports itself through others."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in (ROOT / "lmp").rglob("*.py")
}


def _imported(tree: ast.AST) -> set[str]:
    """Modules of the package that are imported anywhere in a file, also in a function; not what only type checkers see."""
    found: set[str] = set()
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{name.name}" for name in node.names} | {node.module}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        found |= _imported(node)
    return found


def test_there_is_no_cycle_of_imports() -> None:
    graph = {
        name: {other for other in _imported(ast.parse(path.read_text())) & MODULES.keys() if other != name and "." in other}
        for name, path in MODULES.items()
    }
    # A package's own file re-exports its modules, which is no way back into the package from one of them.
    packages = {name for name, path in MODULES.items() if path.name == "__init__.py"}
    modules = {name: others - packages for name, others in graph.items() if name not in packages}
    try:
        TopologicalSorter(modules).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from error
