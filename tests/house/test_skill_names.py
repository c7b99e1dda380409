"""No skill is named outside its own file, the registry and data: whatever needs one asks what it needs and achieves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from lmp import registry

ROOT = Path(__file__).parents[2]
HOME = ("lmp/primitives/skills/", "lmp/registry.py", "lmp/lab/")
"""Skills are at home in the first two; the laboratory drills the skills of this package by name."""
FIELDS = frozenset({"skill", "kind"})


def _names(node: ast.AST) -> list[str]:
    return [each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and each.value in registry.SKILLS]


def _is_field(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in FIELDS


def named_skills(tree: ast.AST) -> Iterator[str]:
    """Names of skills that stand where only a skill can: compared with a `skill` or `kind`, passed as one, looked up as one."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, comparators=others) if any(map(_is_field, (left, *others))):
                yield from (name for part in (left, *others) for name in _names(part))
            case ast.keyword(arg="skill" | "kind", value=value):
                yield from _names(value)
            case ast.Subscript(value=ast.Name(id="skills") | ast.Attribute(attr="skills"), slice=key):
                yield from _names(key)
            case ast.Call(args=[ast.Constant(value="skill"), *rest]):
                yield from (name for part in rest for name in _names(part))
            case ast.Match(subject=subject, cases=cases) if _is_field(subject):
                yield from (name for case in cases for name in _names(case.pattern))


def test_no_skill_is_named_elsewhere() -> None:
    found = [
        f"{file.relative_to(ROOT).as_posix()}: {name}"
        for file in sorted((ROOT / "lmp").rglob("*.py"))
        if not file.relative_to(ROOT).as_posix().startswith(HOME)
        for name in named_skills(ast.parse(file.read_text()))
    ]
    assert found == ALIKE


ALIKE = ["lmp/planners/scripted/parsing.py: place", "lmp/planners/scripted/properties.py: place"]
"""Adjectives of a place, such as "leftmost", are of the kind that is called like a skill."""


def test_no_skill_file_is_imported_elsewhere() -> None:
    found = [
        f"{path}: {node.module}"
        for file in sorted((ROOT / "lmp").rglob("*.py"))
        if not (path := file.relative_to(ROOT).as_posix()).startswith(HOME)
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lmp.primitives.skills")
    ]
    assert found == []


def test_a_name_is_found_where_it_stands_for_a_skill() -> None:
    code = """
if attempt.subgoal.skill == "pick": pass
if primitive.kind in ("push", "place"): pass
Subgoal(skill="home")
skills["pick"]
registry.load("skill", "home")
"""
    assert sorted(named_skills(ast.parse(code))) == ["home", "home", "pick", "pick", "place", "push"]
