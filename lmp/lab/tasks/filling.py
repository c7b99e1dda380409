"""Fills a task in for one world and seed: a sentence, and the predicate that has to hold in the end."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from lmp.errors import BadFile, did_you_mean
from lmp.lab.tasks.feasible import free_beside, free_between, free_path
from lmp.lab.tasks.task_file import (
    SLOT,
    AngleSlot,
    FreeBeside,
    FreePath,
    LengthSlot,
    ObjectSlot,
    Requirement,
    SideSlot,
    Slot,
    TaskFile,
)
from lmp.lab.truth.truth import AnyPredicate, Predicate, judge
from lmp.lab.truth.truth_snapshot import Snapshot
from lmp.schema.plan_file import PlanFile

TRIES = 200
"""Fillings that are drawn before a seed is given up."""

_READ: TypeAdapter[Predicate] = TypeAdapter(AnyPredicate)
_WORDS = {"left": "to the left", "right": "to the right", "forward": "forward", "backward": "backward"}


@dataclass(frozen=True)
class FilledTask:
    """A task for one world.

    Attributes:
        truth: What must hold in the end; None where the source does not say.
        plan: How it is carried out; None where that is the planner's affair.
    """

    instruction: str
    truth: Predicate | None
    plan: PlanFile | None = None


@dataclass(frozen=True)
class Skipped:
    """The reason why a seed has no such task."""

    reason: str


def fill(task: TaskFile, world: Snapshot, seed: int) -> FilledTask | Skipped:
    """Draws slots and a sentence until the task is possible and not done already.

    Raises:
        BadFile: The truth is not a predicate once it is filled in, or names an object that the scene does not have.
    """
    rng = np.random.default_rng([seed, zlib.crc32(task.name.encode())])
    reason = None
    for _ in range(TRIES):
        values = _draw(task, world, rng)
        sentence = str(rng.choice(list(task.instructions)))
        if values is None:
            continue
        if not all(_possible(need, values, world) for need in task.requires):
            reason = "no filling is possible where objects stand"
            continue
        truth = _predicate(task, values, world)
        if judge(truth, world, world).holds:
            reason = "it is done already"
            continue
        said = _sentence(sentence, task, values, world)
        return FilledTask(said, truth, _plan(task, said, values, world))
    return Skipped(reason or _misfit(task, world))


def _draw(task: TaskFile, world: Snapshot, rng: np.random.Generator) -> dict[str, str | float] | None:
    """A value for every slot; None if none is left for one."""
    values: dict[str, str | float] = {}
    for name, slot in task.slots.items():
        match slot:
            case ObjectSlot():
                fitting = sorted(_fitting(slot, world) - {str(value) for value in values.values()})
                if not fitting:
                    return None
                values[name] = str(rng.choice(fitting))
            case SideSlot():
                values[name] = str(rng.choice(list(slot.sides)))
            case LengthSlot():
                values[name] = float(rng.choice(list(slot.lengths)))
            case AngleSlot():
                values[name] = float(rng.choice(list(slot.angles)))
    return values


def _fitting(slot: ObjectSlot, world: Snapshot) -> set[str]:
    """Objects that a slot may take and that a few words tell apart."""
    return {
        item.name
        for item in world.objects
        if (world.categories[item.name] in slot.category if slot.category else item.name in world.movable)
        and (slot.hollow is None or slot.hollow == bool(item.hollows))
        and _phrase(item.name, world) is not None
    }


def _misfit(task: TaskFile, world: Snapshot) -> str:
    """Tell which slot no object fits, and what it takes that the scene does not have."""
    for name, slot in task.slots.items():
        if not isinstance(slot, ObjectSlot) or _fitting(slot, world):
            continue
        known = sorted(set(world.categories.values()))
        absent = [category for category in slot.category if category not in known]
        near = " ".join(words for category in absent if (words := did_you_mean(category, known).strip()))
        takes = "".join(f"; the scene has no {category!r}" for category in absent)
        return f"no object fits the slot {name!r}{takes}." + (f" {near}" if near else "")
    return "no object is left for a slot"


def _phrase(name: str, world: Snapshot) -> str | None:
    """The fewest words that name an object: its category, or its colour too; None where those do not tell it apart."""
    category, colour = world.categories[name], world.colours[name]
    alike = [other for other in world.names if world.categories[other] == category]
    if len(alike) == 1:
        return category
    return f"{colour} {category}" if colour and sum(world.colours[other] == colour for other in alike) == 1 else None


def _sentence(template: str, task: TaskFile, values: dict[str, str | float], world: Snapshot) -> str:
    return SLOT.sub(lambda match: _spoken(values[match[1]], task.slots[match[1]], match[2], world), template)


def _spoken(value: str | float, slot: Slot, facet: str | None, world: Snapshot) -> str:
    if isinstance(value, float):
        return f"{math.degrees(value):.0f}" if isinstance(slot, AngleSlot) else f"{value * 100:g}"
    if value in _WORDS:
        return _WORDS[value]
    return str(world.colours[value]) if facet == "colour" else str(_phrase(value, world))


def _possible(need: Requirement, values: dict[str, str | float], world: Snapshot) -> bool:
    def value(text: str) -> Any:
        match = SLOT.fullmatch(text)
        return values[match[1]] if match else text

    def item(text: str) -> Any:
        return world.find(value(text))

    if isinstance(need, FreePath):
        return free_path(world, item(need.object), value(need.direction), float(value(need.distance)))
    if isinstance(need, FreeBeside):
        return free_beside(world, item(need.object), item(need.reference), need.direction)
    return free_between(world, item(need.object), item(need.first), item(need.second))


def _predicate(task: TaskFile, values: dict[str, str | float], world: Snapshot) -> Predicate:
    try:
        return _READ.validate_python(_expand(task.truth, values, world))
    except ValidationError as error:
        raise BadFile(f"task {task.name!r}", _complaints("truth", error)) from error


def _plan(task: TaskFile, instruction: str, values: dict[str, str | float], world: Snapshot) -> PlanFile | None:
    """The task's own plan, filled in."""
    if not task.plan:
        return None
    fields = {"instruction": instruction, "subgoals": _expand(task.plan, values, world)}
    try:
        return PlanFile.model_validate(fields)
    except ValidationError as error:
        raise BadFile(f"task {task.name!r}", _complaints("plan", error)) from error


def _complaints(part: str, error: ValidationError) -> list[str]:
    return [f"{part}.{'.'.join(map(str, found['loc']))}: {found['msg']}." for found in error.errors()]


def _expand(node: Any, values: dict[str, str | float], world: Snapshot) -> Any:
    """The truth with its slots filled in and its `each` spelled out."""
    if isinstance(node, str):
        match = SLOT.fullmatch(node)
        return values[match[1]] if match and match[1] in values else node
    if isinstance(node, list | tuple):
        return [_expand(part, values, world) for part in node]
    if not isinstance(node, dict):
        return node
    if node.get("kind") == "each":
        spared = {_expand(name, values, world) for name in node.get("except", [])}
        names = [name for name in world.names if world.categories[name] == node.get("category") and name not in spared]
        return {"kind": "all", "of": [_expand(node.get("of"), {**values, "each": name}, world) for name in names]}
    return {key: _expand(part, values, world) for key, part in node.items()}
