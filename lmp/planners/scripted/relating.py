"""What prepositional phrases keep of the candidates: "on the tray", "closest to the mug", "larger than the can"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lmp.planners.scripted.complaints import what_there_is
from lmp.planners.scripted.ranking import ranking_words
from lmp.planners.scripted.refused import Refused, listing
from lmp.planners.scripted.spatial import DESCRIPTIVE, ROBOT, centre_of, compares, loosely, strictly
from lmp.planners.scripted.syntax import NounPhrase, Relation
from lmp.schema.scene import SceneObject

if TYPE_CHECKING:
    from lmp.planners.scripted.resolution import Resolver


def related(
    resolver: Resolver, phrase: NounPhrase, candidates: list[SceneObject], relation: Relation, noun: str
) -> list[SceneObject]:
    """The candidates for which a relation holds.

    Raises:
        Refused: None is left, or the relation describes nothing.
    """
    if relation.value not in DESCRIPTIVE:
        raise Refused(
            "not_understood",
            f'"{relation.text}" does not describe where something is.',
            "Say 'on', 'in', 'next to', 'left of' ...",
        )
    if relation.value == "side":
        if relation.negated:
            raise Refused("not_understood", f'I do not understand "not {relation.text}".', "Say which side instead.")
        return ranking_words(candidates, relation, phrase, resolver.scene)
    if relation.value == "is":
        same = [thing.name for thing in resolver.matches(relation.objects[0], noun)[0]]
        kept = [thing for thing in candidates if (thing.name in same) != relation.negated]
        if not kept:
            raise Refused(
                "absent", f'"{phrase.text}": no such thing.', what_there_is(resolver), [thing.name for thing in candidates]
            )
        return kept
    references = references_of(resolver, relation, noun, candidates)
    if relation.value in ("nearest", "farthest"):
        sign = 1.0 if relation.value == "nearest" else -1.0
        others = [thing for thing in candidates if thing.name not in references]
        points = [centre_of(resolver.scene, name)[:2] for name in references]
        others.sort(key=lambda thing: sign * min(float(np.hypot(*(thing.centre[:2] - point))) for point in points))
        return others[: max(1, phrase.count)]
    if relation.value.endswith("_than"):
        limits = [resolver.scene.get(name) for name in references if name != ROBOT]
        kept = [thing for thing in candidates if all(compares(relation.value, thing, limit) for limit in limits)]
    else:
        kept = placed(resolver, phrase, candidates, relation, references)
    if relation.negated:
        kept = [thing for thing in candidates if thing not in kept]
    if not kept:
        raise Refused(
            "absent",
            f'"{phrase.text} {relation.text}": no such thing; {listing(thing.name for thing in candidates)} '
            f"{'is' if len(candidates) == 1 else 'are'} elsewhere.".replace(f"{relation.text} {relation.text}", relation.text),
            what_there_is(resolver),
            [thing.name for thing in candidates],
        )
    return kept


def placed(
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


def references_of(resolver: Resolver, relation: Relation, noun: str, candidates: list[SceneObject]) -> tuple[str, ...]:
    """What a relation refers to; several where any will do.

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
            fitting = [name for name in possible if any_placed(resolver, candidates, relation, name)]
            if len(fitting) != 1:
                raise
            names += fitting
    if not names:
        raise Refused("not_understood", f'"{relation.text}": of what?', "Name the object.")
    return tuple(dict.fromkeys(names))


def any_placed(resolver: Resolver, candidates: list[SceneObject], relation: Relation, reference: str) -> bool:
    """Whether any candidate stands in the relation to the reference."""
    return any(
        thing.name != reference
        and (
            strictly(resolver.scene, relation, thing.name, (reference,))
            or loosely(resolver.scene, relation, thing.name, (reference,))
        )
        for thing in candidates
    )
