"""No condition, target, violation or failure class is named outside its own file, the registries and data.

Whatever needs one asks a registry by what it does: what has its object in the hand, what is about an obstacle, what is a place.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from lmp.schema.condition import CONDITIONS, TARGETS
from lmp.schema.outcome import FAILURES
from lmp.schema.verdict import VIOLATIONS

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "lmp").rglob("*.py"))
OWN = {
    "condition": ("lmp/meaning/conditions/",),
    "target": ("lmp/meaning/conditions/", "lmp/primitives/places/seen_places.py", "lmp/schema/condition.py"),
}
"""Where the classes of each kind are at home: a family may name its members."""
REFUSALS = frozenset({"not_understood", "absent", "ambiguous", "impossible", "infeasible"})
"""Reasons by which a planner refuses: words of the contract of planners, which says them by name."""
ALLOWED = {
    # Parts whose work is to put a failure class to what they saw, or to raise it.
    "lmp/execution/": {
        "DROPPED",
        "MISSED_GRASP",
        "OBJECT_MISSING",
        "OBJECT_MOVED",
        "TRACKING_ERROR",
        "TIMED_OUT",
        "UNEXPECTED_CONTACT",
    },
    "lmp/meaning/": {"CONDITION_NOT_MET", "DROPPED", "MISSED_GRASP", "OBJECT_MOVED", "OBJECT_MISSING", "GOAL_BLOCKED"},
    "lmp/planners/model/model_verifier.py": {"CONDITION_NOT_MET"},
    # The flow asks the gates, compares what is aimed at with what is wanted, and what was asked for with what holds in the end.
    "lmp/runtime/flow/": {"ABSTAINED", "TARGET_MISSED", "CONDITION_NOT_MET"},
    # Violations that stand for a failure class once something has moved say so where they are declared.
    "lmp/primitives/": {"DROPPED", "GOAL_BLOCKED"},
}  # fmt: skip


def _path(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _classes(registry: dict[str, type]) -> dict[str, str]:
    return {cls.__name__: cls.__module__ for cls in registry.values() if cls.__module__.startswith("lmp.")}


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                yield node.module, alias.name


def _words(tree: ast.AST) -> Iterator[str]:
    """Every text of the code, without docstrings."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


@pytest.mark.parametrize(("kind", "registry"), [("condition", CONDITIONS), ("target", TARGETS)])
def test_no_condition_or_target_class_is_imported_elsewhere(kind: str, registry: object) -> None:
    classes = _classes(registry.all())  # type: ignore[attr-defined]
    found = [
        f"{_path(file)}: {name}"
        for file in FILES
        if not _path(file).startswith(OWN[kind])
        for module, name in _imported(ast.parse(file.read_text()))
        if name in classes and module.startswith(("lmp.meaning.conditions", "lmp.primitives.places.seen_places"))
    ]
    assert found == KNOWN[kind]


def test_no_kind_of_condition_of_more_than_one_word_stands_in_the_code_as_a_text() -> None:
    """Words such as "on" and "at" are English; a kind of several words is nothing else than that kind."""
    kinds = {kind for kind in (*CONDITIONS.all(), *TARGETS.all()) if "_" in kind}
    found = [
        f"{_path(file)}: {word}"
        for file in FILES
        if not _path(file).startswith((*OWN["condition"], "lmp/lab/truth/"))
        for word in _words(ast.parse(file.read_text()))
        if word in kinds
    ]
    assert found == []


def test_violations_are_raised_and_named_in_the_primitives_only_and_by_their_constant() -> None:
    codes = set(VIOLATIONS.all())
    declared = {file: text for file in FILES if "ViolationKind(" in (text := file.read_text())}
    for file in FILES:
        tree = ast.parse(file.read_text())
        if not any(module == "lmp.schema.verdict" for module, _ in _imported(tree)):
            continue  # what knows no verdict means something else by such a word: a column, a tag of a URDF
        written = [word for word in _words(tree) if word in codes]
        own = [word for word in written if file in declared and f'"{word}"' in declared[file]]
        # An evidence of the monitor and a violation may be called alike; names of segments, too.
        assert [word for word in written if word not in own and word not in ALIKE] == [], _path(file)
        if not _path(file).startswith("lmp/primitives/"):
            named = [name for module, name in _imported(tree) if name.lower() in codes and module.startswith("lmp.primitives")]
            assert named == [], _path(file)


ALIKE = frozenset({"tracking_error", "force_limit", "singularity", "branch_jump"})
"""A signal of the monitor, a field of every primitive, and two reasons of inverse kinematics are called alike."""
KNOWN: dict[str, list[str]] = {
    "condition": ["lmp/primitives/skills/place.py: Heading"],
    "target": ["lmp/primitives/skills/place.py: OnTarget"],
}
"""An example of a primitive names the target that it shows; a skill says by which condition a requested parameter is tested."""


def test_failure_classes_are_told_where_they_are_told_and_nowhere_else() -> None:
    names = {name for name in FAILURES.all() if name not in REFUSALS}
    found = []
    for file in FILES:
        path, tree = _path(file), ast.parse(file.read_text())
        text = file.read_text()
        declared = {name for name in names if f'FailureClass(\n        "{name}"' in text}
        allowed = {name for folder, words in ALLOWED.items() if path.startswith(folder) for name in words}
        found += [f"{path}: {word}" for word in _words(tree) if word in names - declared and word not in SIGNALS]
        found += [
            f"{path}: {name}" for _, name in _imported(tree) if name.isupper() and name.lower() in names and name not in allowed
        ]
    assert found == []


SIGNALS = frozenset({"tracking_error"})
"""The monitor's signal of that name is what the class is told by."""
