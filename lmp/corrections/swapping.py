"""Another object in the place of one: "no, the other one", "no, the blue block"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from lmp.corrections.reading import LONGEST
from lmp.meaning.directions import directions
from lmp.schema.base import Model, Name
from lmp.schema.naming import named_by
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.skill import SkillParameters

DENIED = r"(?:no |not (?:this|that|it)(?: one)? |wrong (?:one|thing|object) )"
MEANING = r"(?:i (?:meant|mean|want|wanted) |take |use |it is )"
OTHER = re.compile(
    rf"{DENIED}*{MEANING}?(?:the |an? )?(?P<other>other|different)(?P<what>(?: [\w-]+){{0,6}}?)(?: one| thing| object)?"
)
MEANT = re.compile(
    rf"(?:{DENIED}+{MEANING}?|i (?:meant|mean|want|wanted) )(?:the |an? )?(?P<what>[\w-]+(?: [\w-]+){{0,6}}?)(?: one)?"
)
ONE = re.compile(r"(?:the )(?P<what>[\w-]+(?: [\w-]+){0,4}?)(?: one)")
EMPTY = {"one", "ones", "thing", "object", "on", "the", "to", "at", "side"}
ENDS = {"left": (1, 1), "leftmost": (1, 1), "right": (1, -1), "rightmost": (1, -1), "far": (0, 1), "farther": (0, 1),
        "farthest": (0, 1), "near": (0, -1), "nearer": (0, -1), "nearest": (0, -1)}  # fmt: skip
"""Words for the end of a row: the axis (x 0, y 1) and its sign, as the robot sees it."""

M = TypeVar("M", bound=Model)


class Swap(Model):
    """One object takes the place of another."""

    before: Name
    after: Name


def swap_meant(words: str, named: Sequence[str], scene: Scene, name_alone: bool = False) -> Swap | Refusal | None:
    """The swap that is meant: one object for another; None where the words are about something else.

    Args:
        words: What was said.
        named: What the plan names, the object most likely meant first.
        scene: What there is.
        name_alone: Takes a name without "no" before it: the words answer the question which one is meant.
    """
    text = re.sub(r"\s+", " ", re.sub(r"[,.!?;:\"']+", " ", words[: LONGEST + 1].lower())).strip()
    present = [scene.get(name) for name in dict.fromkeys(named) if name in scene]
    if not present or len(words) > LONGEST:
        return None
    other = OTHER.fullmatch(text)
    meant = other or MEANT.fullmatch(text) or ONE.fullmatch(text)
    if meant is None and not (name_alone and text):
        return None
    what = [word for word in (meant["what"] if meant is not None else text).split() if word not in EMPTY]
    things = [thing for thing in scene.objects if thing.movable or any(not old.movable for old in present)]
    matching = [thing for thing in things if _fits(thing, what)]
    if what and not matching:
        return None if other is None else _none(what, present[0], scene)
    old = _replaced(what, present, matching)
    candidates = [thing for thing in matching if thing.name not in named and (other is None or thing.category == old.category)]
    if not what or any(thing.category == old.category for thing in candidates):
        candidates = [thing for thing in candidates if thing.category == old.category]
    return _chosen(_at_end(what, candidates, scene), old, what, scene)


def _replaced(what: Sequence[str], present: Sequence[SceneObject], matching: Sequence[SceneObject]) -> SceneObject:
    """The object of the plan that is meant: of a category that was said, else the first."""
    kinds = {thing.category for thing in matching} if what else set()
    return next((thing for thing in present if thing.category in kinds), present[0])


def _fits(thing: SceneObject, what: Sequence[str]) -> bool:
    words = {*re.split(r"[\s_-]+", thing.name.lower()), *re.split(r"[\s_-]+", thing.category.lower()), thing.name.lower()}
    words |= {(thing.colour or "").lower()}
    return all(word in words or word.removesuffix("s") in words for word in what if word not in ENDS)


def _at_end(what: Sequence[str], candidates: list[SceneObject], scene: Scene) -> list[SceneObject]:
    end = next((ENDS[word] for word in what if word in ENDS), None)
    if end is None or not candidates:
        return candidates
    robot = directions(scene)
    return [max(candidates, key=lambda thing: end[1] * float(robot.coordinates(thing.centre)[end[0]]))]


def _chosen(candidates: list[SceneObject], old: SceneObject, what: Sequence[str], scene: Scene) -> Swap | Refusal:
    if not candidates:
        return _none(what, old, scene)
    if len(candidates) > 1:
        names = tuple(thing.name for thing in candidates)[:64]
        return Refusal(
            reason="ambiguous",
            message=f"In place of {old.name}: which one, {' or '.join(names[:12])}?",
            hint="Say its name, or what sets it apart: the blue one, the left one.",
            candidates=names,
        )
    return Swap(before=old.name, after=candidates[0].name)


def _none(what: Sequence[str], old: SceneObject, scene: Scene) -> Refusal:
    words = " ".join((*what, *([] if what else [old.category])))
    known = tuple(thing.name for thing in scene.objects if thing.movable)[:64]
    return Refusal(
        reason="absent",
        message=f"There is no other {words[:120]} than those of the plan.",
        hint=f"There are: {', '.join(known)}."[:2000],
    )


def swapped(subgoal: Subgoal, swap: Swap, scene: Scene) -> Subgoal:
    """A subgoal about the other object; displacements count from where that one is."""
    data = subgoal.model_dump(mode="json")
    data["objects"] = [swap.after if name == swap.before else name for name in data["objects"]]
    if subgoal.objects != tuple(data["objects"]):
        data["description"] = _renamed(data["description"], swap)
        data["reasoning"] = f"A person wants {swap.after} in the place of {swap.before}."
    data["success"] = [_named(condition, swap) for condition in data["success"]]
    fresh = Subgoal.model_validate(data)
    success = tuple(new if new == old else new.seen_in(scene) for new, old in zip(fresh.success, subgoal.success, strict=True))
    return fresh.model_copy(update={"success": success})


def swapped_primitive(primitive: SkillParameters, swap: Swap) -> SkillParameters:
    """A primitive about the other object; the rank of its grasp begins anew."""
    data = _named(primitive.model_dump(mode="json"), swap)
    if "grasp" in data and data != primitive.model_dump(mode="json"):
        data["grasp"] = 0
    return type(primitive).model_validate(data)


def _named(data: Any, swap: Swap) -> Any:
    if not isinstance(data, dict):
        return data
    naming = named_by(data)
    return {
        field: swap.after if field in naming and value == swap.before else _named(value, swap) for field, value in data.items()
    }


def _renamed(text: str, swap: Swap) -> str:
    pattern = rf"(?<![\w-])(?:{re.escape(swap.before)}|{re.escape(swap.before.replace('_', ' '))})(?![\w-])"
    return re.sub(pattern, lambda found: swap.after if found[0] == swap.before else swap.after.replace("_", " "), text)[:2000]
