"""Parts of the table: sides, edges, corners, the middle; as a free place inside the workspace."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lmp.planners.scripted.points import POINT, read_point
from lmp.planners.scripted.properties import is_table, matching_noun
from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.resolution import Resolver
from lmp.planners.scripted.situation import Place2, Situation
from lmp.planners.scripted.syntax import NounPhrase

SIDE_DEPTH = 0.3
"""Depth of a side of the table, as a share of the workspace [dimensionless]."""
EDGE_DEPTH = 0.12
"""Depth of an edge strip beyond the thing itself [m]."""
_WORDS = {"left": (1, 1), "right": (1, -1), "back": (0, 1), "far": (0, 1), "front": (0, -1), "near": (0, -1)}


@dataclass(frozen=True)
class Region:
    """A part of the table: for x and y, -1 the low end, 0 anywhere, 1 the high end; the middle; any edge or corner; a point."""

    kind: str
    ends: tuple[int, int]
    text: str
    point: Place2 | None = None


def region_of(phrase: NounPhrase, resolver: Resolver) -> Region:
    """The part of the table that a phrase such as "the far left corner of the table" means.

    Raises:
        Refused: It is a part of something else, or of no definite place.
    """
    for relation in phrase.relations:
        refused = Refused(
            "not_understood",
            f'I know parts of the table only, not "{relation.text}".',
            "Say for example 'on the left side of the table'.",
        )
        if relation.value not in ("of", "on", "at") or len(relation.objects) != 1 or relation.objects[0].head != "NOUN":
            raise refused
        found = matching_noun(resolver.scene, relation.objects[0].noun, resolver.lexicon)[0]
        if not found:
            resolver.resolve(relation.objects[0])
        if not all(is_table(thing) for thing in found):
            raise refused
    if re.fullmatch(POINT, phrase.noun):
        return Region("point", (0, 0), phrase.text, read_point(phrase.noun))
    ends = [0, 0]
    kind = phrase.noun
    for adjective in phrase.adjectives:
        if adjective.value == "middle" and kind != "corner":
            kind = "middle"
        elif adjective.value in _WORDS:
            axis, sign = _WORDS[adjective.value]
            if kind == "corner" and axis == 1 and adjective.text.startswith("far "):
                ends[0] = 1
            if ends[axis]:
                raise Refused("impossible", f'"{phrase.text}" names two opposite sides.', "Name one.")
            ends[axis] = sign
        else:
            raise Refused(
                "ambiguous", f'"{adjective.text}" in "{phrase.text}" is no side of the table.', "Say left, right, near or far."
            )
    if kind == "side" and ends == [0, 0]:
        raise Refused("ambiguous", f'"{phrase.text}" does not say which side.', "Say left, right, near or far.")
    return Region(kind, (ends[0], ends[1]), phrase.text)


def place_in(region: Region, name: str, situation: Situation) -> Place2:
    """A free place for the thing in the region, as near as can be to where it stands now.

    Raises:
        Refused: No room.
    """
    low, high = situation.scene.workspace.lower[:2], situation.scene.workspace.upper[:2]
    middle = tuple((a + b) / 2 for a, b in zip(low, high, strict=True))
    here = situation.place[name]
    size = 2 * max(situation.half[name])
    box_low, box_high, wish = list(low), list(high), list(here)
    if region.kind == "middle":
        for axis in (0, 1):
            reach = 0.5 * SIDE_DEPTH * (high[axis] - low[axis])
            wish[axis], box_low[axis], box_high[axis] = middle[axis], middle[axis] - reach, middle[axis] + reach
    ends = list(region.ends)
    if region.kind in ("corner", "edge"):
        distances = [(here[axis] - low[axis], high[axis] - here[axis]) for axis in (0, 1)]
        nearest = [-1 if near <= far else 1 for near, far in distances]
        if region.kind == "corner":
            ends = [end or nearest[axis] for axis, end in enumerate(ends)]
        elif ends == [0, 0]:
            axis = 0 if min(distances[0]) <= min(distances[1]) else 1
            ends[axis] = nearest[axis]
    for axis, end in enumerate(ends):
        depth = size + EDGE_DEPTH if region.kind == "edge" else SIDE_DEPTH * (high[axis] - low[axis])
        if end:
            box_low[axis], box_high[axis] = (high[axis] - depth, high[axis]) if end > 0 else (low[axis], low[axis] + depth)
            wish[axis] = (box_low[axis] + box_high[axis]) / 2
    found = situation.free_place(name, (wish[0], wish[1]), ((box_low[0], box_low[1]), (box_high[0], box_high[1])))
    if found is None:
        raise Refused(
            "infeasible",
            f'There is no free place for {name} at "{region.text}".',
            "Clear that part of the table, or say another.",
            [name],
        )
    return found
