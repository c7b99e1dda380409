"""Largest, leftmost, second from the left, the middle one, the big block: order words, and when they decide nothing."""

from __future__ import annotations

from lmp.planners.scripted.properties import measure, same_measure
from lmp.planners.scripted.refused import Refused, listing
from lmp.planners.scripted.syntax import Adjective, NounPhrase, Relation
from lmp.schema.scene import Scene, SceneObject

_SIDES = {"left": 1, "right": 1, "front": 0, "back": 0}


def rank(phrase: NounPhrase, matches: list[SceneObject], scene: Scene) -> tuple[list[SceneObject] | None, str]:
    """What the phrase's order words pick from the matches, and how; None if it has none.

    Raises:
        Refused: Two things are too alike, or the order word needs another form.
    """
    del scene
    rankings = [adjective for adjective in phrase.adjectives if adjective.kind in ("size", "place")]
    if phrase.from_side:
        rankings.append(Adjective("place", phrase.from_side, "superlative", f"from the {phrase.from_side}"))
    if any(adjective.negated for adjective in rankings):
        raise Refused(
            "not_understood", f'I do not understand "not" with "{rankings[0].text}" in "{phrase.text}".', "Say what it is."
        )
    if not rankings:
        if phrase.ordinal:
            raise Refused(
                "ambiguous",
                f'"{phrase.text}": counted from where?',
                "Say for example 'the second block from the left'.",
                [t.name for t in matches],
            )
        return None, ""
    results = [_ranked(phrase, adjective, matches) for adjective in rankings]
    chosen, how = results[-1]
    for other, words in results[:-1]:
        if {thing.name for thing in other} != {thing.name for thing in chosen}:
            names = dict.fromkeys(thing.name for thing in (*other, *chosen))
            raise Refused(
                "ambiguous", f'"{phrase.text}": {words} and {how} are different things.', "Use one of these words only.", names
            )
    return chosen, " and ".join(dict.fromkeys(words for _, words in results))


def _ranked(phrase: NounPhrase, adjective: Adjective, matches: list[SceneObject]) -> tuple[list[SceneObject], str]:
    names = [thing.name for thing in matches]
    wanted = 2 if phrase.quantifier == "both" else max(phrase.count, 1)
    if adjective.degree == "comparative" and len(matches) != 2:
        if len(matches) == 1:
            return matches, "the only one"
        raise Refused(
            "ambiguous",
            f'"{adjective.text}" in "{phrase.text}" compares two things; {len(matches)} fit.',
            f"Say which, or use the superlative: {listing(names, 'or')}.",
            names,
        )
    if phrase.many and not phrase.count and phrase.quantifier != "both" and not phrase.partitive and len(matches) > 1:
        alike = _alike(adjective, matches)
        if alike:
            return alike, f'"{adjective.text}" read as the {len(alike)} of one size'
        raise Refused(
            "ambiguous", f'"{phrase.text}" does not say how many.', f"Say for example 'the two {adjective.text} ones'.", names
        )
    if adjective.value == "middle":
        return _middle(phrase, matches)
    if wanted > len(matches) or abs(phrase.ordinal) > len(matches):
        asked = f"number {phrase.ordinal}" if phrase.ordinal else str(wanted)
        raise Refused(
            "absent", f'"{phrase.text}" asks for {asked}, and there are only {len(matches)}: {listing(names)}.', "", names
        )
    order = sorted(matches, key=lambda thing: measure(thing, adjective))
    measures = [measure(thing, adjective) for thing in order]
    first = phrase.ordinal - 1 if phrase.ordinal > 0 else len(order) - 1 if phrase.ordinal < 0 else 0
    last = first + wanted if not phrase.ordinal else first + 1
    for cut in (first, last):
        if 0 < cut < len(order) and same_measure(measures[cut - 1], measures[cut], adjective.kind):
            pair = [order[cut - 1].name, order[cut].name]
            raise Refused(
                "ambiguous",
                f'"{phrase.text}" could be {listing(pair, "or")}: they differ too little.',
                "Name the object by its colour or name.",
                pair,
            )
    ordinal = f"number {phrase.ordinal} of {len(order)} by " if phrase.ordinal > 0 else ""
    meaning = f'{ordinal}"{adjective.text}"'
    if adjective.degree == "positive" and not phrase.ordinal:
        meaning += f" read as the {_superlative(adjective)}"
    return order[first:last], meaning + f" among {len(order)}"


def _alike(adjective: Adjective, matches: list[SceneObject]) -> list[SceneObject]:
    """For "the small cubes": those at that end that are of one size, where the others differ from them."""
    best = min(measure(thing, adjective) for thing in matches)
    alike = [thing for thing in matches if same_measure(measure(thing, adjective), best, adjective.kind)]
    return alike if adjective.kind == "size" and 1 < len(alike) < len(matches) else []


def _superlative(adjective: Adjective) -> str:
    return {
        "left": "leftmost",
        "right": "rightmost",
        "front": "frontmost",
        "back": "rearmost",
        "near": "nearest",
        "far": "farthest",
    }.get(adjective.value, f"most {adjective.text}")


def _middle(phrase: NounPhrase, matches: list[SceneObject]) -> tuple[list[SceneObject], str]:
    names = [thing.name for thing in matches]
    if len(matches) % 2 == 0:
        raise Refused(
            "ambiguous",
            f'"{phrase.text}": of {len(matches)} things none is in the middle.',
            "Say 'the second from the left', for example.",
            names,
        )
    order = sorted(matches, key=lambda thing: float(thing.centre[1]))
    return [order[len(order) // 2]], f"the middle one of {len(order)} from left to right"


def ranking_words(candidates: list[SceneObject], relation: Relation, phrase: NounPhrase, scene: Scene) -> list[SceneObject]:
    """What "on the left" and its like keep: the outermost for one thing or a number of things, that half for many.

    Raises:
        Refused: Two things are too alike.
    """
    if relation.side == "middle":
        return _middle(phrase, candidates)[0]
    adjective = Adjective("place", relation.side, "superlative", relation.text)
    if phrase.many and not phrase.count and relation.side in _SIDES:
        axis = _SIDES[relation.side]
        middle = (scene.workspace.lower[axis] + scene.workspace.upper[axis]) / 2
        sign = 1.0 if relation.side in ("left", "back") else -1.0
        kept = [thing for thing in candidates if sign * (float(thing.centre[axis]) - middle) > 0.0]
        if not kept:
            raise Refused(
                "absent", f'Nothing is "{relation.text}" for "{phrase.text}".', "", [thing.name for thing in candidates]
            )
        return kept
    plain = NounPhrase(f"{phrase.text} {relation.text}", count=phrase.count, ordinal=phrase.ordinal, plural=phrase.count > 1)
    return _ranked(plain, adjective, candidates)[0]
