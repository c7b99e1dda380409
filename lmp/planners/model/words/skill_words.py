"""The skills with their parameters, from the registry's specs: a new skill needs no edit here."""

from __future__ import annotations

from collections.abc import Iterable

from lmp.planners.model.words.quoted import as_json, chosen, quoted
from lmp.planners.model.words.schema_words import field_lines
from lmp.schema.skill import SkillParameters, SkillSpec


def skills_text(specs: Iterable[SkillSpec]) -> str:
    """Each skill: name, line, its own parameters and an example; then the parameters that all of them take."""
    blocks = [skill_text(spec) for spec in specs]
    return "\n".join([*blocks, shared_text()])


def skill_text(spec: SkillSpec) -> str:
    """One skill without the parameters that all skills take."""
    own = field_lines(spec.parameters, without=SkillParameters.model_fields)
    head = f"Skill {quoted(spec.name)}: {spec.line}"
    return "\n".join([head, *(own or ["  no parameters of its own"]), f"  example: {as_json(chosen(spec.example))}"])


def shared_text() -> str:
    """The parameters that every skill takes."""
    return "\n".join(["Every skill also takes, all of them optional:", *field_lines(SkillParameters)])


def skill_lines(specs: Iterable[SkillSpec]) -> str:
    """Each skill's name and line only, for planning without parameters."""
    return "\n".join(f"{quoted(spec.name)}: {spec.line}" for spec in specs)
