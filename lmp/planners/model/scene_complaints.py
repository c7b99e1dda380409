"""Complaints about an answer in this scene, in words that a model can act on: all of it at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import JsonValue

from lmp.errors import did_you_mean
from lmp.meaning.relations import holds
from lmp.planners.model.shown import Shown
from lmp.schema.condition import CONDITIONS, Condition
from lmp.schema.naming import named_by
from lmp.schema.roles import roles_of
from lmp.schema.scene import Scene


def name_complaints(raw: JsonValue, shown: Shown, place: str = "") -> Iterator[str]:
    """Names that the scene does not have, and relations of an object to itself; works on what is not otherwise valid, too."""
    if isinstance(raw, list):
        for index, item in enumerate(raw[:64]):
            yield from name_complaints(item, shown, f"{place}.{index}" if place else str(index))
    if not isinstance(raw, dict):
        return
    naming = named_by(raw)
    for field, value in raw.items():
        here = f"{place}.{field}" if place else field
        if field in naming and isinstance(value, str):
            yield from _unknown(value, shown, here)
        elif field == "objects" and isinstance(value, list):
            for index, name in enumerate(value[:16]):
                if isinstance(name, str):
                    yield from _unknown(name, shown, f"{here}.{index}")
        elif field == "camera" and isinstance(value, str) and shown.scene.frames:
            if shown.scene.frame(value) is None:
                near, cameras = did_you_mean(value, shown.cameras), ", ".join(shown.cameras) or "none"
                yield f"{here}: there is no camera {value[:64]!r}.{near} Cameras: {cameras}."
        else:
            yield from name_complaints(value, shown, here)
    for field, role in naming.items():
        value = raw[field]
        if role != "object" and field != "frame" and value == raw.get("object"):
            yield f"{place or 'the answer'}: {field} and object are both {value!r:.70}; an object has no relation to itself."


def _unknown(name: str, shown: Shown, place: str) -> Iterator[str]:
    if name not in shown.scene:
        near = did_you_mean(name, shown.names)
        yield f"{place}: there is no object {name[:64]!r} in the scene.{near} Objects: {shown.listed()}."


def plan_complaints(answer: Any, shown: Shown) -> Iterator[str]:
    """Complaints about what cannot be in a list of subgoals, whatever they are: contradictions, and what could not be tested.

    Args:
        answer: A valid answer to *decompose* or *plan*.
        shown: What the model was shown of where it is to be done.
    """
    subgoals = answer.subgoals
    if answer.refusal is not None and subgoals:
        yield "refusal: an answer has either subgoals or a refusal, not both; set refusal to null, or leave the subgoals out."
    if answer.refusal is None and not subgoals and not answer.already:
        yield (
            "subgoals: there are none; say in `already` which conditions make everything that was asked for true already, "
            "give the subgoals that are left, or refuse."
        )
    for index, subgoal in enumerate(subgoals):
        place = f"subgoals.{index}"
        if not subgoal.success and subgoal.objects:
            yield f"{place}.success: a subgoal about objects needs at least one condition that can be tested after it."
        for number, condition in enumerate(subgoal.success):
            yield from _container(condition, shown, f"{place}.success.{number}")
        if subgoal.lasting:
            yield from _undone(index, subgoals)
    tested = [subgoal for subgoal in subgoals if subgoal.success]
    if tested and not any(subgoal.lasting for subgoal in tested):
        yield "subgoals: none of them is lasting; set lasting to true where `success` has to hold when everything is done."


def untrue(already: Sequence[Condition], scene: Scene) -> Iterator[str]:
    """Conditions that are said to hold, and do not: nothing is called done that cannot be measured."""
    for index, condition in enumerate(already):
        tested = holds(condition, scene)
        if not tested.holds:
            yield f"already.{index}: it does not hold: {tested.measured}; give the subgoals that make it true."


def _container(condition: Any, shown: Shown, place: str) -> Iterator[str]:
    data = condition.model_dump()
    for field in (field for field, role in named_by(data).items() if role == "container"):
        name = data[field]
        if name in shown.scene and shown.scene.get(name).cavity is None:
            hollow = shown.listed(thing.name for thing in shown.scene.objects if thing.cavity is not None)
            carried = " or ".join(f"`{kind}`" for kind, cls in CONDITIONS.all().items() if _needs_support(cls))
            yield (f"{place}: {name!r} has no hollow to be in; use the condition {carried}. With a hollow: {hollow}.")


def _needs_support(kind: type[Condition]) -> bool:
    """True if a kind of condition is that something carries its object."""
    return any(role == "support" and kind.model_fields[field].is_required() for field, role in roles_of(kind).items())


def _undone(index: int, subgoals: Sequence[Any]) -> Iterator[str]:
    """A subgoal whose conditions have to last, and a later one that moves what they are about."""
    lasting = subgoals[index]
    subjects = {condition.model_dump().get("object") for condition in lasting.success} - {None}
    for later, subgoal in enumerate(subgoals[index + 1 :], index + 1):
        moved = subgoal.objects[0] if subgoal.objects else None
        if moved in subjects:
            yield (
                f"subgoals.{index}.lasting: subgoal {later} moves {moved!r} again, so its conditions cannot last; "
                "set lasting to false here, or leave the later subgoal out."
            )
            return
