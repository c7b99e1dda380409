"""From "in the bowl", "left of the mug", "towards the robot" to success conditions, for one thing at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lmp.meaning.conditions import Behind, InFrontOf, LeftOf, RightOf
from lmp.planners.scripted.discourse import Discourse, Place
from lmp.planners.scripted.found import Found
from lmp.planners.scripted.properties import is_table
from lmp.planners.scripted.refused import Refused, listing
from lmp.planners.scripted.regions import Region, region_of
from lmp.planners.scripted.resolution import Resolver
from lmp.planners.scripted.spatial import ROBOT
from lmp.planners.scripted.support import is_shallow
from lmp.planners.scripted.syntax import NounPhrase, Relation
from lmp.schema.plan import RefusalReason
from lmp.schema.scene import SceneObject

DIRECTIONS = {"left": (0.0, 1.0), "right": (0.0, -1.0), "forward": (1.0, 0.0), "backward": (-1.0, 0.0)}
SIDES: dict[str, type[LeftOf | RightOf | InFrontOf | Behind]] = {
    "left_of": LeftOf,
    "right_of": RightOf,
    "front_of": InFrontOf,
    "behind": Behind,
}
ALONG = {"left_of": (0.0, 1.0), "right_of": (0.0, -1.0), "front_of": (-1.0, 0.0), "behind": (1.0, 0.0)}
_PHRASES = {
    "in": "the inside of",
    "on": "the top of",
    "left_of": "the left of",
    "right_of": "the right of",
    "front_of": "the near side of",
    "behind": "the far side of",
    "next_to": "a place beside",
}


@dataclass(frozen=True)
class Goal:
    """Where things go, resolved once for all things of a clause.

    Attributes:
        relation: in, on, left_of, right_of, front_of, behind, next_to, between, region, towards, away_from, place.
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
    place: Place | None = None


def goal_of(relation: Relation, resolver: Resolver, themes: tuple[str, ...], noun: str) -> Goal:
    """What a goal phrase means.

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
        ends = {"left": (0, 1), "right": (0, -1), "front": (-1, 0), "back": (1, 0)}.get(relation.side, (0, 0))
        region = Region("middle" if relation.side == "middle" else "side", ends, words)
        return Goal("region", (), words, f'"{words}" asks for that part of the table', region=region)
    if not relation.objects:
        raise Refused("not_understood", f'"{words}" does not say of what.', "Name the object.")
    phrase = relation.objects[0]
    if phrase.head == "REGION" and relation.value in ("in", "on", "at", "to", "next_to", "towards"):
        region = region_of(phrase, resolver)
        if region.point is not None and len(themes) > 1:
            raise Refused(
                "impossible",
                f'"{words}" is one place, and {listing(themes)} are {len(themes)}.',
                "Say a place for each.",
            )
        kind = "part of the table" if region.point is None else "place"
        return Goal("region", (), words, f'"{words}" asks for that {kind}', region=region)
    if phrase.head == "PRON" and phrase.noun == "there":
        return _there(resolver, words)
    for reference in relation.objects:
        _needs_its_side(reference, resolver, noun)
    found = _references(relation, resolver, themes, noun)
    value = _plain(relation, found, resolver, themes)
    if value == "region":
        return Goal("region", (), words, f'"{words}" asks for that part of the table', region=_side_of_table(relation))
    if ROBOT in found.names and value not in ("towards", "away_from"):
        raise Refused(
            "not_understood",
            f'"{words}": I put things by objects or by the table, not by the robot.',
            "Say 'towards the robot', 'to the left', or name an object.",
        )
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
    elif relation.value in ALONG or relation.value == "next_to":
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
    if place is None or not (place.relation in ALONG or place.relation in ("next_to", "in") or piled):
        return options
    if place.relation == relation.value and len(options) > 1:
        raise Refused("ambiguous", f'"{relation.text}" could mean {listing(options, "or")}.', "Name the object.", options)
    return [name for name in options if name not in theme] or options


def is_wide(thing: SceneObject) -> bool:
    """Whether things can stand side by side on it: the table, a tray."""
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
        return "next_to"
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
    if value in SIDES and "side" in words and any(is_shallow(thing) for thing in things):
        raise Refused(
            "ambiguous",
            f'"{words}" could be a part of {things[0].name} or a place beside it.',
            f"Say 'to the left of the {things[0].category}' or 'on the {things[0].category}'.",
            [things[0].name],
        )
    if value in SIDES and on_table:
        if "side" not in words and not words.startswith(("on ", "at ")):
            raise Refused("impossible", f'"{words}" is off the table.', "Say for example 'on the left side of the table'.")
        return "region"
    if value in ("under", "above", "at", "touching", "from", "of", "where", "nearest", "farthest") or value.endswith("_than"):
        if value == "where":
            return "where"
        reason: RefusalReason = "impossible" if value in ("under", "above") else "not_understood"
        raise Refused(
            reason,
            f'"{words}": that is no place where I can put things.',
            "Say 'on', 'in', 'next to', 'left of', 'right of', 'behind' or 'in front of'.",
        )
    if len(found.names) > 1 and value not in ("between",):
        raise Refused(
            "ambiguous",
            f'"{words}" names several things: {listing(found.names)}.',
            "Name one, or say 'between'.",
            [n for n in found.names if n != ROBOT],
        )
    return value


def _side_of_table(relation: Relation) -> Region:
    ends = {"left_of": (0, 1), "right_of": (0, -1), "front_of": (-1, 0), "behind": (1, 0)}.get(relation.value, (0, 0))
    return Region("side" if ends != (0, 0) else "middle", ends, relation.text)


def phrase_for(goal: Goal) -> str:
    """What the goal asks for, for the reasoning."""
    names = listing("the robot" if name == ROBOT else name for name in goal.references)
    if goal.relation in _PHRASES:
        return f'"{goal.words}" asks for {_PHRASES[goal.relation]} {names}'
    if goal.relation == "between":
        return f'"{goal.words}" asks for the middle between {names}'
    return f'"{goal.words}" is meant by {names}' if goal.references else ""


def named(goal: Goal) -> str:
    """The goal in words and object names."""
    words = {
        "in": "in",
        "on": "on",
        "left_of": "to the left of",
        "right_of": "to the right of",
        "front_of": "in front of",
        "behind": "behind",
        "next_to": "next to",
        "centre": "in the middle of",
        "between": "between",
        "towards": "towards",
        "away_from": "away from",
    }
    names = listing("the robot" if name == ROBOT else name for name in goal.references)
    if goal.relation == "where":
        return f"where {names} stood"
    return f"{words[goal.relation]} {names}" if goal.relation in words else f"({goal.words})"
