"""Largest, leftmost, second from the left, the middle one, the big block: order words, and when they decide nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable

from lmp.meaning.relations import contents
from lmp.planners.scripted.lexicon import Lexicon, listing, plural, words_of
from lmp.planners.scripted.parsing import Adjective, NounPhrase, Relation
from lmp.schema.plan import Refused
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Box, Cylinder, Sphere

SAME_LENGTH = 0.002
"""Differences of position that words cannot tell apart [m]."""
SAME_SIZE = 0.03
"""Relative differences of size that words cannot tell apart [dimensionless]."""


_SHAPE_NOUNS = {"cylinder": Cylinder, "ball": Sphere, "sphere": Sphere, "cuboid": Box}


def category_of(thing: SceneObject) -> str:
    """The category as plain words."""
    return " ".join(words_of(thing.category))


def is_table(thing: SceneObject) -> bool:
    """True for the furniture on which everything stands."""
    return thing.role == "support"


def furniture(scene: Scene) -> str:
    """The supports of a scene in words, such as "the table"; without any, the floor."""
    return listing(dict.fromkeys(f"the {category_of(support)}" for support in scene.supports) or ["the floor"], "or")


def no_room(message: str, scene: Scene, names: Iterable[str]) -> Refused:
    """Things stand too close together for what is asked."""
    return Refused("infeasible", message, f"Clear {furniture(scene)} a little.", names)


_FLAT = frozenset({"tray", "plate", "platter"})
_DEEP = frozenset({"bowl", "basin", "mug", "cup", "beaker", "tumbler", "glass", "pot", "bin", "basket", "jar", "vase", "jug"})
_SHALLOW = 0.18
"""Largest depth of a hollow, as a share of its width, that still is a tray's rather than a bowl's [dimensionless]."""


def is_shallow(thing: SceneObject) -> bool:
    """True for a tray or plate: what is "in" it is also "on" it. Its kind decides, and its shape where the kind is open."""
    cavity, kind = thing.cavity, category_of(thing).split()[-1]
    if cavity is None or kind in _DEEP:
        return False
    return kind in _FLAT or (cavity.rim - cavity.floor) <= _SHALLOW * 2 * min(cavity.half_x, cavity.half_y)


def matching_noun(scene: Scene, noun: str, lexicon: Lexicon) -> tuple[list[SceneObject], str]:
    """The objects that a noun can mean, by the narrowest reading that fits anything, and a remark where that is not literal."""
    things = list(scene.objects)
    exact = [thing for thing in things if category_of(thing) == noun]
    if not exact:
        exact = [thing for thing in things if category_of(thing).split()[-1:] == [noun]]
    if exact:
        return exact, ""
    named = [thing for thing in things if noun in words_of(thing.name)]
    if named:
        return named, f"taking {noun!r} from the name"
    group = lexicon.group(noun)
    alike = [
        thing
        for thing in things
        if category_of(thing) in group or (category_of(thing).split()[-1:][0:1] and category_of(thing).split()[-1] in group)
    ]
    if alike:
        return alike, f"taking {noun!r} as {category_of(alike[0])!r}"
    if noun in lexicon.hypernyms:
        members = lexicon.hypernyms[noun]
        return [thing for thing in things if category_of(thing) in members], f"a {noun}"
    shapes = _SHAPE_NOUNS.get(noun)
    if shapes is not None:
        shaped = [thing for thing in things if thing.movable and isinstance(thing.shape, shapes)]
        return shaped, f"taking {noun!r} as the shape"
    if noun in lexicon.containers:
        return [thing for thing in things if thing.cavity is not None], "a hollow thing"
    return [], ""


def has_colour(thing: SceneObject, colour: str, scene: Scene, lexicon: Lexicon) -> bool:
    """True if a colour word fits: literally if any object has that very colour, else by its family."""
    if thing.colour is None:
        return False
    own = " ".join(words_of(thing.colour))
    if any(other.colour is not None and " ".join(words_of(other.colour)) == colour for other in scene.objects):
        return own == colour
    family = lexicon.colours.get(colour, colour)
    return lexicon.colours.get(own, own) == family or lexicon.colours.get(own.split()[-1]) == family


def has_shape(thing: SceneObject, shape: str, scene: Scene) -> bool:
    """True if a shape or state word fits."""
    x, y, z = thing.size
    match shape:
        case "round":
            return isinstance(thing.shape, Cylinder | Sphere) or (thing.cavity is not None and thing.cavity.round)
        case "cylindrical":
            return isinstance(thing.shape, Cylinder)
        case "spherical":
            return isinstance(thing.shape, Sphere)
        case "square":
            boxy = isinstance(thing.shape, Box) or (thing.cavity is not None and not thing.cavity.round)
            return boxy and abs(x - y) <= 0.1 * max(x, y)
        case "rectangular":
            boxy = isinstance(thing.shape, Box) or (thing.cavity is not None and not thing.cavity.round)
            return boxy and abs(x - y) > 0.1 * max(x, y)
        case "flat":
            return z <= 0.35 * min(x, y)
        case "empty":
            return thing.cavity is not None and not contents(scene, thing.name)
        case _:
            return thing.cavity is not None and bool(contents(scene, thing.name))


def measure(thing: SceneObject, adjective: Adjective) -> float:
    """The measure that a ranking adjective ranks by; the object that fits best has the smallest value."""
    x, y, z = (float(value) for value in thing.centre)
    lower, upper = thing.bounds
    across = sorted(thing.size[:2])
    match adjective.value:
        case "large" | "small":
            value = math.prod(thing.size)
        case "tall" | "short":
            value = float(upper[2] - lower[2])
        case "long" | "wide":
            value = across[1]
        case "narrow":
            value = across[0]
        case "near" | "far":
            value = math.hypot(x, y)
        case "left" | "right":
            value = y
        case "front" | "back":
            value = x
        case _:
            value = z
    ascending = adjective.value in ("small", "short", "narrow", "near", "right", "front", "bottom")
    return value if ascending else -value


def same_measure(first: float, second: float, kind: str) -> bool:
    """True if two measures are too close for a word to tell apart."""
    if kind == "size":
        return abs(first - second) <= SAME_SIZE * max(abs(first), abs(second))
    return abs(first - second) <= SAME_LENGTH


_SIDES = {"left": 1, "right": 1, "front": 0, "back": 0}


def rank(phrase: NounPhrase, matches: list[SceneObject], scene: Scene) -> tuple[list[SceneObject] | None, str]:
    """The matches that the phrase's order words pick, and how; None if it has none.

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
            message = f'"{phrase.text}": counted from where?'
            raise Refused("ambiguous", message, "Say for example 'the second block from the left'.", [t.name for t in matches])
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
        message = f'"{adjective.text}" in "{phrase.text}" compares two things; {len(matches)} fit.'
        raise Refused("ambiguous", message, f"Say which, or use the superlative: {listing(names, 'or')}.", names)
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
            message = f'"{phrase.text}" could be {listing(pair, "or")}: they differ too little.'
            raise Refused("ambiguous", message, "Name the object by its colour or name.", pair)
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
        message = f'"{phrase.text}": of {len(matches)} things none is in the middle.'
        raise Refused("ambiguous", message, "Say 'the second from the left', for example.", names)
    order = sorted(matches, key=lambda thing: float(thing.centre[1]))
    return [order[len(order) // 2]], f"the middle one of {len(order)} from left to right"


def ranking_words(candidates: list[SceneObject], relation: Relation, phrase: NounPhrase, scene: Scene) -> list[SceneObject]:
    """The objects that "on the left" and its like keep: the outermost for one object or a number of them, that half for many.

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


def describe(scene: Scene, lexicon: Lexicon, phrase: NounPhrase) -> str:
    """A phrase in words of the scene."""
    adjectives = [("not " if a.negated else "") + a.text for a in phrase.adjectives if a.kind in ("colour", "shape")]
    noun = {"NOUN": f"thing of category {phrase.noun}", "NAME": f"thing named {phrase.noun}"}.get(phrase.head, "thing")
    if phrase.head == "NOUN":
        found = matching_noun(scene, phrase.noun, lexicon)[0]
        categories = {category_of(thing) for thing in found}
        noun = f"thing of category {categories.pop()}" if len(categories) == 1 else phrase.noun if found else noun
    return " ".join([*adjectives, noun, *(relation.text for relation in phrase.relations)])


def absent(scene: Scene, phrase: NounPhrase, steps: list[tuple[str, list[SceneObject]]]) -> Refused:
    """Nothing fits the phrase; `steps` are the candidates after each word."""
    base = steps[0][1]
    colours = listing(f"{thing.name} ({thing.colour or 'no colour'})" for thing in base[:12])
    return Refused(
        "absent",
        f'There is no "{phrase.text}" here; what comes near: {colours}.',
        what_there_is(scene),
        [thing.name for thing in base],
    )


def too_few(scene: Scene, phrase: NounPhrase, matches: list[SceneObject], wanted: int) -> Refused:
    """Fewer things than the phrase asks for."""
    names = [thing.name for thing in matches]
    return Refused(
        "absent",
        f'"{phrase.text}" asks for {wanted}, and there {"is" if len(names) == 1 else "are"} only {len(names)}: '
        f"{listing(names)}.",
        "",
        names,
    )


def ambiguous(scene: Scene, phrase: NounPhrase, matches: list[SceneObject]) -> Refused:
    """More things than the phrase asks for, with a hint that tells them apart."""
    names = [thing.name for thing in matches]
    colours = [thing.colour for thing in matches]
    noun = phrase.noun if phrase.head == "NOUN" else "one"
    if None not in colours and len(set(colours)) == len(colours):
        hint = f"Say the colour: {listing((f'the {colour} {noun}' for colour in colours), 'or')}."
    else:
        hint = f"Say for example 'the leftmost {noun}', 'the largest {noun}', or a name: {listing(names, 'or')}."
    return Refused("ambiguous", f'"{phrase.text}" could be {listing(names, "or")}.', hint, names)


def what_there_is(scene: Scene) -> str:
    """The sentence that lists the scene's movable objects by colour and category."""
    things = [thing for thing in scene.objects if thing.movable]
    labels = [" ".join(filter(None, (thing.colour, category_of(thing)))) for thing in things]
    counted = [
        label if labels.count(label) == 1 else f"{labels.count(label)} {plural(label)}" for label in dict.fromkeys(labels)
    ]
    return f"There is: {listing(counted)}." if labels else f"Nothing is on {furniture(scene)}."
