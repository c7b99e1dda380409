"""Parts declare what they can, and the table of capabilities reads it; nothing else probes a part for an attribute.

Probing is `hasattr`, `getattr` with a default, `isinstance` against a protocol, and catching an AttributeError.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import lmp
from lmp import stages

ROOT = Path(lmp.__file__).parent
TABLE = "capabilities.py"
PROTOCOLS = {name for name, part in vars(stages).items() if getattr(part, "_is_protocol", False)}

FOREIGN = {
    "cli/answers.py": "standard streams that may be gone",
    "cli/compiling_line.py": "standard streams that may be gone",
    "cli/list_commands.py": "the function behind a partial",
    "cli/main.py": "typer's usage errors, and standard streams that may be gone",
    "diagnosis/machine.py": "torch and os, whose functions differ between versions and systems",
    "diagnosis/places.py": "an OSError's words",
    "execution/hardware/shape_of_controller.py": "controllers of other packages, which know nothing of this one",
    "lab/commands/evaluate_display.py": "standard streams that may be gone",
    "lab/drills/pulse.py": "the C library",
    "planners/model": "answers, models and processors of the providers' libraries; and fields of answers",
    "planners/plan_file/saving.py": "an OSError's words",
    "planners/scripted/parsing.py": "lark's errors",
    "record/claiming.py": "an OSError's words",
    "registry.py": "a module that does not have what is listed",
    "schema/registry.py": "a module that does not have what is listed",
}
"""Files that ask objects of other libraries, and which."""
DATA = {
    "corrections",
    "lab/truth",
    "meaning",
    "repl/correcting.py",
    "repl/session.py",
    "schema/roles.py",
}
"""Files and rooms that ask frozen data, such as primitives and conditions of any kind, for a field."""


def probes(tree: ast.AST) -> list[str]:
    """What probes in a module, as it stands there."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="hasattr")) | ast.Call(func=ast.Name(id="getattr"), args=[_, _, _]):
                found.append(ast.unparse(node))
            case ast.Call(func=ast.Name(id="isinstance"), args=[_, kinds]):
                names = {name.id for name in ast.walk(kinds) if isinstance(name, ast.Name)}
                found += [ast.unparse(node)] if names & PROTOCOLS else []
            case ast.ExceptHandler(type=kinds) | ast.Call(func=ast.Name(id="suppress"), args=[*kinds]):
                parts = kinds if isinstance(kinds, list) else [kinds]
                names = {name.id for part in parts if part for name in ast.walk(part) if isinstance(name, ast.Name)}
                found += ["AttributeError is caught"] if "AttributeError" in names else []
    return found


def allowed(path: str) -> bool:
    return path == TABLE or any(path == entry or path.startswith(f"{entry}/") for entry in (*FOREIGN, *DATA))


def test_no_part_is_probed_outside_the_table() -> None:
    found = {}
    for path in ROOT.rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        if not allowed(name) and (seen := probes(ast.parse(path.read_text()))):
            found[name] = seen
    assert found == {}


def test_protocols_are_asked_for_in_the_table_only() -> None:
    for path in ROOT.rglob("*.py"):
        if path.relative_to(ROOT).as_posix() != TABLE:
            seen = [words for words in probes(ast.parse(path.read_text())) if words.startswith("isinstance")]
            assert seen == [], path


def test_the_exceptions_are_needed() -> None:
    for entry in (*FOREIGN, *DATA):
        files = [ROOT / entry] if entry.endswith(".py") else list((ROOT / entry).rglob("*.py"))
        assert any(probes(ast.parse(path.read_text())) for path in files), entry


@pytest.mark.parametrize(
    "text",
    [
        "getattr(world, 'disturbances', ())",
        "hasattr(robot, 'touch')",
        "isinstance(planner, AsksModel)",
        "isinstance(part, Saves | Knows)",
        "try:\n    world.save()\nexcept (AttributeError, OSError):\n    pass",
        "with suppress(AttributeError):\n    world.touch()",
    ],
)
def test_probing_is_seen(text: str) -> None:
    assert len(probes(ast.parse(text))) == 1
