"""Where prepositional phrases belong: to a noun before them, or to the verb as its goal. Yields every way, likeliest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.resolution import with_relations
from lmp.planners.scripted.syntax import NounPhrase, Relation

MOST_RELATIONS = 4
"""More prepositional phrases in one clause are refused; with four there are at most 56 readings."""
_NO_GOAL = frozenset({"from", "of", "touching", "nearest", "farthest", "in_hand"})


@dataclass(frozen=True)
class Reading:
    """One way to understand a clause: its themes with what describes them, and the goal."""

    themes: tuple[NounPhrase, ...]
    goal: Relation | None


def readings(themes: list[NounPhrase], relations: list[Relation], goal: bool, text: str) -> Iterator[Reading]:
    """Every way to attach the relations; with `goal`, one of them is where the themes go.

    Raises:
        Refused: There are too many of them.
    """
    if len(relations) > MOST_RELATIONS:
        raise Refused(
            "not_understood", f"{text!r} nests {len(relations)} places in one clause.", "Say it in several sentences."
        )
    if not themes and not relations:
        raise Refused("not_understood", f"{text!r} does not say what to do with which object.", "Name the object.")
    if not goal and not themes:
        raise Refused("not_understood", f"{text!r} does not say with which object.", "Name the object.")
    if not goal:
        for head in _attached(themes[-1], relations):
            yield Reading((*themes[:-1], head), None)
        return
    for at in range(len(relations) - 1, -1, -1):
        target = relations[at]
        if target.value in _NO_GOAL or target.value.endswith("_than"):
            continue
        after = relations[at + 1 :]
        if after and not target.objects:
            continue
        if at and not themes:
            continue
        heads: list[NounPhrase | None] = [*_attached(themes[-1], relations[:at])] if themes else [None]
        ends: list[NounPhrase | None] = [*_attached(target.objects[-1], after)] if target.objects else [None]
        words = " ".join([target.text, *(relation.text for relation in after)])
        for front in heads:
            for last in ends:
                objects = (*target.objects[:-1], last) if last is not None else ()
                full = (*themes[:-1], front) if front is not None else ()
                yield Reading(full, replace(target, objects=objects, text=words))


def _attached(phrase: NounPhrase, relations: list[Relation]) -> Iterator[NounPhrase]:
    """The phrase with the relations hung on it and on each other, in every way without crossings."""
    if not relations:
        yield phrase
        return
    if phrase.head == "PRON" or phrase.head == "REGION":
        return
    first = relations[0]
    if phrase.ordinal and first.value == "side" and not phrase.from_side:
        yield from _attached(replace(phrase, from_side=first.side, text=f"{phrase.text} {first.text}"), relations[1:])
        return
    for cut in range(1, len(relations) + 1):
        inside, outside = relations[1:cut], relations[cut:]
        if not first.objects:
            if inside:
                continue
            yield from _attached(with_relations(phrase, [first]), outside)
            continue
        for inner in _attached(first.objects[-1], inside):
            words = " ".join([first.text, *(relation.text for relation in inside)])
            hung = replace(first, objects=(*first.objects[:-1], inner), text=words)
            yield from _attached(with_relations(phrase, [hung]), outside)
