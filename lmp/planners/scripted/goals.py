"""Goals of objects, in words: "in the bowl", "left of the mug", "towards the robot", "the far left corner of the table"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from lmp.meaning.directions import directions
from lmp.planners.scripted.lexicon import THAN, listing, side_of
from lmp.planners.scripted.parsing import NounPhrase, Relation
from lmp.planners.scripted.properties import furniture, is_shallow, is_table, matching_noun
from lmp.planners.scripted.relating import ROBOT
from lmp.planners.scripted.resolution import Discourse, Found, Resolver
from lmp.planners.scripted.situation import Situation
from lmp.planners.scripted.tokens import POINT, read_point
from lmp.primitives.places.free_places import Place as Point
from lmp.primitives.places.free_places import free_places
from lmp.primitives.places.goals import OPPOSITE, along
from lmp.primitives.places.surfaces import ground
from lmp.schema.condition import CONDITIONS
from lmp.schema.plan import RefusalReason, Refused
from lmp.schema.scene import Scene, SceneObject

SIDE_DEPTH = 0.3
"""Depth of a side of a support, as a share of it [dimensionless]."""
EDGE_DEPTH = 0.12
"""Depth of an edge strip beyond the object itself [m]."""
_ENDS = {
    "left": "left", "right": "right", "back": "behind", "far": "behind", "top": "behind", "front": "front", "near": "front",
    "bottom": "front",
}  # fmt: skip
"""The side of a support that a word means, as seen from the robot; on a map, its far side is at the top."""
_NO_PLACE = frozenset(("under", "above", "at", "across", "touching", "from", "of", "where", "nearest", "farthest"))


@dataclass(frozen=True)
class Region:
    """A part of a support: some of its sides, its middle, any edge or corner; or a point."""

    kind: str
    ends: frozenset[str]
    text: str
    point: Point | None = None


def region_of(phrase: NounPhrase, resolver: Resolver) -> Region:
    """The part of a support that a phrase such as "the far left corner of the table" means.

    Raises:
        Refused: It is a part of something else, or of no definite place.
    """
    for relation in phrase.relations:
        refused = Refused(
            "not_understood",
            f'I know parts of {furniture(resolver.scene)} only, not "{relation.text}".',
            f"Say for example 'on the left side of {furniture(resolver.scene)}'.",
        )
        if relation.value not in ("of", "on", "at") or len(relation.objects) != 1 or relation.objects[0].head != "NOUN":
            raise refused
        found = matching_noun(resolver.scene, relation.objects[0].noun, resolver.lexicon)[0]
        if not found:
            resolver.resolve(relation.objects[0])
        if not all(is_table(thing) for thing in found):
            raise refused
    if re.fullmatch(POINT, phrase.noun):
        return Region("point", frozenset(), phrase.text, read_point(phrase.noun))
    kind, ends = phrase.noun, set()
    for adjective in phrase.adjectives:
        end = _ENDS.get(adjective.value)
        if adjective.value == "middle" and kind != "corner":
            kind = "middle"
        elif end is None:
            words = f'"{adjective.text}" in "{phrase.text}" is no side of {furniture(resolver.scene)}.'
            raise Refused("ambiguous", words, "Say left, right, near or far.")
        else:
            ends |= {end, "behind"} if kind == "corner" and adjective.text.startswith("far ") else {end}
    if any(OPPOSITE[end] in ends for end in ends):
        raise Refused("impossible", f'"{phrase.text}" names two opposite sides.', "Name one.")
    if kind in _ENDS:
        kind, ends = "side", {*ends, _ENDS[kind]}
    if kind == "side" and not ends:
        raise Refused("ambiguous", f'"{phrase.text}" does not say which side.', "Say left, right, near or far.")
    return Region(kind, frozenset(ends), phrase.text)


def place_in(region: Region, name: str, situation: Situation) -> Point:
    """A free place for the object in the region, as near as can be to where it stands now.

    Raises:
        Refused: No room.
    """
    thing, here = situation.scene.get(name), np.array(situation.place(name))
    area = ground(situation.scene, here).area
    ways = {side: np.array(along(situation.scene, side)) for side in OPPOSITE}
    depths = {side: float((area.polygon @ way).max() - here @ way) for side, way in ways.items()}
    ends = set(region.ends)
    if region.kind == "corner":
        ends |= {
            min(pair, key=lambda side: depths[side]) for pair in (("left", "right"), ("front", "behind")) if not ends & {*pair}
        }
    elif region.kind == "edge" and not ends:
        ends = {min(depths, key=lambda side: depths[side])}
    strip = max(thing.size[:2]) + EDGE_DEPTH if region.kind == "edge" else 0.0
    middle, limits = here.copy(), []
    for side, way in ways.items():
        reach, span = float((area.polygon @ way).max()), float(np.ptp(area.polygon @ way))
        if side in ends:
            depth = strip or SIDE_DEPTH * span
            limits.append((way, reach - depth))
            middle += way * (reach - depth / 2 - float(middle @ way))
        elif region.kind == "middle":
            limits.append((-way, 0.5 * (1 - SIDE_DEPTH) * span - reach))
            middle += way * (reach - span / 2 - float(middle @ way))
    within = lambda point: all(float(point @ way) >= limit - 1e-9 for way, limit in limits)  # noqa: E731
    found = next(free_places(thing, (float(middle[0]), float(middle[1])), situation.scene, within), None)
    if found is None:
        message = f'There is no free place for {name} at "{region.text}".'
        raise Refused("infeasible", message, f"Clear that part of {furniture(situation.scene)}, or say another.", [name])
    return found


@dataclass(frozen=True)
class Goal:
    """The goal of all objects of a clause, resolved once.

    Attributes:
        relation: A kind of condition, or centre, region, towards, away_from, where.
        references: Object names, or the robot.
        words: The words.
        why: The reasoning about the references.
        distance: Said distance [m], 0 where none was.
    """

    relation: str
    references: tuple[str, ...]
    words: str
    why: str
    noun: str = ""
    distance: float = 0.0
    region: Region | None = None


def goal_of(relation: Relation, resolver: Resolver, themes: tuple[str, ...], noun: str) -> Goal:
    """The meaning of a goal phrase.

    Raises:
        Refused: It is no place, or its references are absent or ambiguous.
    """
    words = relation.text
    if relation.value == "side":
        if relation.side == "top" and resolver.discourse.themes:
            below = NounPhrase(words, head="PRON", noun="it")
            return goal_of(Relation("on", (below,), words), resolver, themes, noun)
        if relation.side in ("top", "bottom"):
            raise Refused("not_understood", f'"{words}": on top of what?', "Name the object.")
        ends = frozenset({_ENDS[relation.side]} if relation.side in _ENDS else ())
        region = Region("side" if ends else "middle", ends, words)
        return Goal("region", (), words, f'"{words}" asks for that part of it', region=region)
    if not relation.objects:
        raise Refused("not_understood", f'"{words}" does not say of what.', "Name the object.")
    phrase = relation.objects[0]
    if phrase.head == "REGION" and (relation.value in ("in", "on", "at", "to", "towards") or side_of(relation.value) == "any"):
        region = region_of(phrase, resolver)
        if region.point is not None and len(themes) > 1:
            message = f'"{words}" is one place, and {listing(themes)} are {len(themes)}.'
            raise Refused("impossible", message, "Say a place for each.")
        kind = f"part of {furniture(resolver.scene)}" if region.point is None else "place"
        return Goal("region", (), words, f'"{words}" asks for that {kind}', region=region)
    if phrase.head == "PRON" and phrase.noun == "there":
        return _there(resolver, words)
    for reference in relation.objects:
        _needs_its_side(reference, resolver, noun)
    found = _references(relation, resolver, themes, noun)
    value = _plain(relation, found, resolver, themes)
    if value == "region":
        return Goal("region", (), words, f'"{words}" asks for that part of it', region=_side_of_table(relation))
    if ROBOT in found.names and value not in ("towards", "away_from"):
        message = f'"{words}": I put things by objects or by {furniture(resolver.scene)}, not by the robot.'
        raise Refused("not_understood", message, "Say 'towards the robot', 'to the left', or name an object.")
    return Goal(value, found.names, words, found.why, found.noun, relation.distance)


def _needs_its_side(phrase: NounPhrase, resolver: Resolver, noun: str) -> None:
    """Refuses a side that tells nothing apart: "the tray on the left" where there is one tray may mean a part of the tray.

    Raises:
        Refused: The phrase means one thing without it.
    """
    sides = [relation for relation in phrase.relations if relation.value == "side" and not relation.relative]
    words = sides[0].text if sides else phrase.from_side and f"from the {phrase.from_side}"
    if not words or phrase.head == "PRON":
        return
    plain = replace(phrase, from_side="", relations=tuple(r for r in phrase.relations if r not in sides))
    known = resolver.matches(plain, noun)[0]
    if len(known) == 1:
        raise Refused(
            "not_understood",
            f'"{words}" in "{phrase.text}": there is one such thing only, {known[0].name}, and I know no parts of it.',
            f"Say it without {words!r}, or 'in the middle of', 'left of', 'right of' ...",
            [known[0].name],
        )


def _there(resolver: Resolver, words: str) -> Goal:
    place = resolver.discourse.place
    if place is None or place.relation in ("tower", "row", "moved"):
        raise Refused("ambiguous", f'"{words}": no place was named before.', "Name the place.")
    why = f'"{words}" is the place spoken of before, "{place.words}"'
    return Goal(place.relation, place.references, words, why)


def _references(relation: Relation, resolver: Resolver, themes: tuple[str, ...], noun: str) -> Found:
    names: list[str] = []
    reasons: list[str] = []
    last = ""
    for phrase in relation.objects:
        found = _pronoun_reference(relation, phrase, resolver, themes) or resolver.resolve(phrase, noun)
        names += found.names
        reasons.append(found.why)
        last = found.noun or last
    return Found(tuple(dict.fromkeys(names)), "; ".join(reasons), last)


def _pronoun_reference(relation: Relation, phrase: NounPhrase, resolver: Resolver, themes: tuple[str, ...]) -> Found | None:
    """For "it" as a place: the last thing acted on, or the last place, whichever the relation allows.

    Raises:
        Refused: Both would do for "on".
    """
    discourse = resolver.discourse
    if phrase.head != "PRON" or phrase.noun not in ("it", "that") or not discourse.themes:
        return None
    scene = resolver.scene
    theme = (
        discourse.themes[-1][-1:]
        if len(discourse.themes[-1]) == 1 or (discourse.place and discourse.place.relation == "tower")
        else ()
    )
    options = [name for name in (*theme, *discourse.references) if name != ROBOT and name not in themes]
    if relation.value == "in":
        options = [name for name in options if scene.get(name).cavity is not None]
    elif relation.value == "on":
        place = discourse.place
        options = [
            name
            for name in options
            if not (place and place.relation in ("on", "tower") and name in discourse.references and not scene.get(name).cavity)
            and not is_table(scene.get(name))
        ]
        options = [name for name in options if scene.get(name).cavity is None or is_shallow(scene.get(name))]
        if theme and theme[0] in options and (resolver.stacking or "top" in relation.text.split()):
            options = [theme[0]]
    elif side_of(relation.value) is not None:
        options = _beside_what(relation, discourse, options, theme)
    elif discourse.place is not None and discourse.place.relation == "in":
        options = [name for name in options if name not in theme] or options
    if relation.value == "on" and len(options) > 1:
        raise Refused("ambiguous", f'"{relation.text}" could mean {listing(options, "or")}.', "Name the object.", options)
    if not options:
        return None
    return Found((options[0],), f'"{phrase.text}" is {options[0]}, spoken of before')


def _beside_what(relation: Relation, discourse: Discourse, options: list[str], theme: tuple[str, ...]) -> list[str]:
    """For "put A left of B and C right of it": B, since the two places are put side by side; likewise for A in or on B.

    Raises:
        Refused: For "put A left of B and C left of it", which could go on from either.
    """
    place = discourse.place
    below = [name for name in place.references if name != ROBOT] if place is not None else []
    piled = place is not None and place.relation == "on" and all(not is_wide(discourse.scene.get(name)) for name in below)
    if place is None or not (side_of(place.relation) is not None or place.relation == "in" or piled):
        return options
    if place.relation == relation.value and len(options) > 1:
        raise Refused("ambiguous", f'"{relation.text}" could mean {listing(options, "or")}.', "Name the object.", options)
    return [name for name in options if name not in theme] or options


def is_wide(thing: SceneObject) -> bool:
    """True if objects can stand side by side on it: a support of the scene, a tray."""
    return is_table(thing) or is_shallow(thing)


def _plain(relation: Relation, found: Found, resolver: Resolver, themes: tuple[str, ...]) -> str:
    """The relation with "to", "at", "middle of" and sides of the table made definite."""
    value, words = relation.value, relation.text
    scene = resolver.scene
    things = [scene.get(name) for name in found.names if name != ROBOT]
    on_table = any(is_table(thing) for thing in things)
    if value == "to":
        if ROBOT in found.names:
            raise Refused("impossible", f'"{words}": I cannot hand things over.', "Say 'towards the robot'.")
        if on_table:
            return "on"
        if all(thing.cavity is not None for thing in things):
            shallow = all(is_shallow(thing) for thing in things)
            return "on" if shallow else "in"
        return next(kind for kind in CONDITIONS.all() if side_of(kind) == "any")
    if value == "across" and len(things) == len(themes) == 1 and not on_table:
        return _opposite_side(scene, themes[0], things[0].name)
    if value in ("middle_of", "between") and len(found.names) == 2:
        return "between"
    if value == "between":
        raise Refused(
            "not_understood",
            f'"{words}" needs two things; {listing(found.names)} {"is one" if len(found.names) == 1 else "are more"}.',
            "Say 'between the mug and the bowl'.",
            found.names if ROBOT not in found.names else (),
        )
    if value == "middle_of" and len(things) == 1:
        return "region" if on_table else "centre" if things[0].cavity is None or is_shallow(things[0]) else "in"
    part = "side" in words and not re.search(r"\b(?:far|near) side\b", words)
    if side_of(value) in OPPOSITE and part and any(is_shallow(thing) for thing in things):
        raise Refused(
            "ambiguous",
            f'"{words}" could be a part of {things[0].name} or a place beside it.',
            f"Say 'to the left of the {things[0].category}' or 'on the {things[0].category}'.",
            [things[0].name],
        )
    if on_table and (side_of(value) in OPPOSITE or words.startswith(("to the top of", "at the top of"))):
        if not part and (not words.startswith(("on ", "at ", "to ", "in the ")) or words.startswith("in front")):
            raise Refused(
                "impossible",
                f'"{words}" is off {things[0].name}.',
                f"Say for example 'on the left side of the {things[0].category}'.",
            )
        return "region"
    if value in _NO_PLACE or value.endswith(THAN):
        if value == "where":
            return "where"
        reason: RefusalReason = "impossible" if value in ("under", "above") else "not_understood"
        raise Refused(
            reason,
            f'"{words}": that is no place where I can put things.',
            "Say 'on', 'in', 'next to', 'left of', 'right of', 'behind' or 'in front of'.",
        )
    known = CONDITIONS.get(value)
    if len(found.names) > 1 and (known is None or not known.is_said_of(1 + len(found.names), relation.distance > 0.0)):
        message = f'"{words}" names several things: {listing(found.names)}.'
        raise Refused("ambiguous", message, "Name one, or say 'between'.", [n for n in found.names if n != ROBOT])
    return value


def _opposite_side(scene: Scene, name: str, reference: str) -> str:
    """The relation to a reference that is opposite to where an object is now."""
    offset = scene.get(name).centre - scene.get(reference).centre
    here = max(OPPOSITE, key=lambda side: float(offset @ directions(scene).unit(side)))
    return next(kind for kind in CONDITIONS.all() if side_of(kind) == OPPOSITE[here])


def _side_of_table(relation: Relation) -> Region:
    ends = frozenset() if relation.value == "middle_of" else frozenset({side_of(relation.value) or "behind"})
    return Region("side" if ends else "middle", ends, relation.text)


def phrase_for(goal: Goal) -> str:
    """The goal in words, for the reasoning."""
    if CONDITIONS.get(goal.relation) is not None:
        return f'"{goal.words}" asks for a place {named(goal)}'
    names = listing("the robot" if name == ROBOT else name for name in goal.references)
    return f'"{goal.words}" is meant by {names}' if goal.references else ""


_NAMED = {"centre": "in the middle of", "towards": "towards", "away_from": "away from"}


def named(goal: Goal) -> str:
    """The goal in words and object names."""
    names = listing("the robot" if name == ROBOT else name for name in goal.references)
    if goal.relation == "where":
        return f"where {names} stood"
    known = CONDITIONS.get(goal.relation)
    said = known.phrases[0] if known is not None and known.phrases else _NAMED.get(goal.relation)
    return f"{said} {names}" if said is not None else f"({goal.words})"
