"""Candidates that prepositional phrases keep: "on the tray", "closest to the mug", "larger than the can"."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lmp.meaning.directions import directions
from lmp.meaning.relations import holds, is_inside, rests_on
from lmp.planners.scripted.lexicon import THAN, listing, side_of
from lmp.planners.scripted.parsing import Adjective, NounPhrase, Relation
from lmp.planners.scripted.properties import is_table, measure, ranking_words, what_there_is
from lmp.schema.condition import CONDITIONS
from lmp.schema.plan import Refused
from lmp.schema.scene import Scene, SceneObject

if TYPE_CHECKING:
    from lmp.planners.scripted.resolution import Resolver
from lmp.primitives.places.goals import OPPOSITE

ROBOT = "\0robot"
"""Stands for the robot where a noun phrase means it; no object can have this name."""
NEAR = 0.15
"""Free distance up to which a description may call things neighbours [m]."""
SEEN_DISTANCE, SEEN_SHARE = 0.005, 0.01
"""Least difference that "nearer than" [m] and "larger than" [dimensionless] need."""
DESCRIPTIVE = frozenset(("from", "at", "middle_of", "under", "above", "nearest", "farthest", "side", "is"))
"""Relations that can tell one object from another, beside the kinds of conditions and comparisons."""


def centre_of(scene: Scene, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Centre of an object, or the robot's base [m]. Shape (3,)."""
    return np.zeros(3) if name == ROBOT else scene.get(name).centre


def free_distance(first: SceneObject, second: SceneObject) -> float:
    """Horizontal distance between the boxes around two things [m]; 0 where they overlap."""
    (low, high), (other_low, other_high) = first.bounds, second.bounds
    gaps = np.maximum(np.maximum(low[:2] - other_high[:2], other_low[:2] - high[:2]), 0.0)
    return math.hypot(float(gaps[0]), float(gaps[1]))


def strictly(scene: Scene, relation: Relation, name: str, references: tuple[str, ...]) -> bool:
    """True if the relation holds in the sense in which it would be tested as a success condition."""
    known = CONDITIONS.get("between" if relation.value == "middle_of" else relation.value)
    off_ground = side_of(relation.value) in OPPOSITE and any(
        is_table(scene.get(other)) for other in references if other in scene
    )
    if known is None or off_ground or ROBOT in references or not known.is_said_of(1 + len(references)):
        return False
    return holds(known.about(name, *references), scene).holds


def loosely(scene: Scene, relation: Relation, name: str, references: tuple[str, ...]) -> bool:
    """True if a description may use the relation for the object."""
    item, first, side = scene.get(name), references[0], side_of(relation.value)
    if first == name:
        return False
    if side in OPPOSITE:
        return _on_side(scene, side, item, first)
    if relation.value in ("between", "middle_of"):
        return len(references) == 2 and _lies_between(scene, item, references)
    if first == ROBOT:
        return False
    below = rests_on(scene, name, first)
    match relation.value:
        case "in":
            return is_inside(scene, name, first)
        case "on" | "above":
            return below
        case "from":
            return below or is_inside(scene, name, first)
        case "under":
            return rests_on(scene, first, name)
        case kind if side == "any" or kind in ("touching", "at"):
            apart = not (is_table(scene.get(first)) or below or is_inside(scene, name, first))
            return apart and free_distance(item, scene.get(first)) <= NEAR
        case _:
            return False


def _on_side(scene: Scene, side: str, item: SceneObject, reference: str) -> bool:
    way = directions(scene).unit(side)
    if reference == ROBOT:
        return float(item.centre @ way) > 0.0
    if is_table(scene.get(reference)):
        middle = (np.array(scene.workspace.lower) + np.array(scene.workspace.upper)) / 2
        return float((item.centre - middle) @ way) > 0.0
    return float((item.centre - scene.get(reference).centre) @ way) > 0.02


def _lies_between(scene: Scene, thing: SceneObject, references: tuple[str, ...]) -> bool:
    start, end = (centre_of(scene, name)[:2] for name in references)
    line = end - start
    length = float(np.linalg.norm(line))
    if length < 1e-6:
        return False
    offset = thing.centre[:2] - start
    share = float(offset @ line) / length**2
    return 0.1 < share < 0.9 and abs(float(offset[0] * line[1] - offset[1] * line[0])) / length <= 0.08


def compares(relation: str, item: SceneObject, reference: SceneObject) -> bool:
    """True if "larger than the mug" and its like hold, with a margin that one would see."""
    word = Adjective("size", relation.removesuffix(THAN), "comparative", relation)
    own, other = measure(item, word), measure(reference, word)
    return own < other - (SEEN_DISTANCE if word.value in ("near", "far") else SEEN_SHARE * abs(other))


def related(
    resolver: Resolver, phrase: NounPhrase, candidates: list[SceneObject], relation: Relation, noun: str
) -> list[SceneObject]:
    """The candidates for which a relation holds.

    Raises:
        Refused: None is left, or the relation describes nothing.
    """
    if relation.value not in DESCRIPTIVE and not relation.value.endswith(THAN) and CONDITIONS.get(relation.value) is None:
        message = f'"{relation.text}" does not describe where something is.'
        raise Refused("not_understood", message, "Say 'on', 'in', 'next to', 'left of' ...")
    if relation.distance:
        message = f'"{relation.text}": I do not tell things apart by distances.'
        raise Refused("not_understood", message, "Say 'next to', 'left of' ..., or the colour.")
    if relation.value == "side":
        if relation.negated:
            raise Refused("not_understood", f'I do not understand "not {relation.text}".', "Say which side instead.")
        return ranking_words(candidates, relation, phrase, resolver.scene)
    if relation.value == "is":
        same = [thing.name for thing in resolver.matches(relation.objects[0], noun)[0]]
        kept = [thing for thing in candidates if (thing.name in same) != relation.negated]
        if not kept:
            raise Refused(
                "absent",
                f'"{phrase.text}": no such thing.',
                what_there_is(resolver.scene),
                [thing.name for thing in candidates],
            )
        return kept
    references = _referred(resolver, relation, noun, candidates)
    if relation.value in ("nearest", "farthest"):
        sign = 1.0 if relation.value == "nearest" else -1.0
        others = [thing for thing in candidates if thing.name not in references]
        points = [centre_of(resolver.scene, name)[:2] for name in references]
        others.sort(key=lambda thing: sign * min(float(np.hypot(*(thing.centre[:2] - point))) for point in points))
        return others[: max(1, phrase.count)]
    if relation.value.endswith(THAN):
        limits = [resolver.scene.get(name) for name in references if name != ROBOT]
        kept = [thing for thing in candidates if all(compares(relation.value, thing, limit) for limit in limits)]
    else:
        kept = _placed(resolver, phrase, candidates, relation, references)
    if relation.negated:
        kept = [thing for thing in candidates if thing not in kept]
    if not kept:
        raise Refused(
            "absent",
            f'"{phrase.text} {relation.text}": no such thing; {listing(thing.name for thing in candidates)} '
            f"{'is' if len(candidates) == 1 else 'are'} elsewhere.".replace(f"{relation.text} {relation.text}", relation.text),
            what_there_is(resolver.scene),
            [thing.name for thing in candidates],
        )
    return kept


def _placed(
    resolver: Resolver, phrase: NounPhrase, candidates: list[SceneObject], relation: Relation, references: tuple[str, ...]
) -> list[SceneObject]:
    """The candidates that stand in the relation to a reference."""
    groups = [references] if relation.value in ("between", "middle_of") else [(reference,) for reference in references]
    strict = [
        thing
        for thing in candidates
        if any(thing.name not in group and strictly(resolver.scene, relation, thing.name, group) for group in groups)
    ]
    if strict and not phrase.many:
        return strict
    return [
        thing
        for thing in candidates
        if any(thing.name not in group and loosely(resolver.scene, relation, thing.name, group) for group in groups)
    ] or strict


def _referred(resolver: Resolver, relation: Relation, noun: str, candidates: list[SceneObject]) -> tuple[str, ...]:
    """The references of a relation; several where any will do.

    Raises:
        Refused: Absent or ambiguous.
    """
    names: list[str] = []
    for phrase in relation.objects:
        if phrase.head in ("NOUN", "ONE", "THING") and phrase.determiner == "a" and relation.value not in ("between",):
            names += [thing.name for thing in resolver.matches(phrase, noun)[0]]
            continue
        try:
            names += resolver.resolve(phrase, noun).names
        except Refused as refused:
            if refused.refusal.reason != "ambiguous" or phrase.head not in ("NOUN", "ONE"):
                raise
            possible = [thing.name for thing in resolver.matches(phrase, noun)[0]]
            fitting = [name for name in possible if _any_placed(resolver, candidates, relation, name)]
            if len(fitting) != 1:
                raise
            names += fitting
    if not names:
        raise Refused("not_understood", f'"{relation.text}": of what?', "Name the object.")
    return tuple(dict.fromkeys(names))


def _any_placed(resolver: Resolver, candidates: list[SceneObject], relation: Relation, reference: str) -> bool:
    """True if any candidate stands in the relation to the reference."""
    return any(
        thing.name != reference
        and (
            strictly(resolver.scene, relation, thing.name, (reference,))
            or loosely(resolver.scene, relation, thing.name, (reference,))
        )
        for thing in candidates
    )
