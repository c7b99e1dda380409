"""Which objects a word can mean: head nouns, colours, shapes, and the measures behind "largest" and "leftmost"."""

from __future__ import annotations

import math

from lmp.meaning.relations import contents
from lmp.planners.scripted.lexicon import Lexicon
from lmp.planners.scripted.syntax import Adjective
from lmp.planners.scripted.vocabulary import words_of
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Box, Cylinder, Sphere

TABLE = "table"
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
    return not thing.movable and category_of(thing).split()[-1:] == [TABLE]


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
    """Whether a colour word fits: literally if any object has that very colour, else by its family."""
    if thing.colour is None:
        return False
    own = " ".join(words_of(thing.colour))
    if any(other.colour is not None and " ".join(words_of(other.colour)) == colour for other in scene.objects):
        return own == colour
    family = lexicon.colours.get(colour, colour)
    return lexicon.colours.get(own, own) == family or lexicon.colours.get(own.split()[-1]) == family


def has_shape(thing: SceneObject, shape: str, scene: Scene) -> bool:
    """Whether a shape or state word fits."""
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
    """What a ranking adjective ranks by; the thing that fits best has the smallest value."""
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
    """Whether two measures are too close for a word to tell apart."""
    if kind == "size":
        return abs(first - second) <= SAME_SIZE * max(abs(first), abs(second))
    return abs(first - second) <= SAME_LENGTH
