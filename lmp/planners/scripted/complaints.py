"""What is said when nothing fits, too little fits, or too much: refusals that list what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmp.planners.scripted.lexicon import plural
from lmp.planners.scripted.properties import category_of, matching_noun
from lmp.planners.scripted.refused import Refused, listing
from lmp.planners.scripted.syntax import NounPhrase
from lmp.schema.scene import SceneObject

if TYPE_CHECKING:
    from lmp.planners.scripted.resolution import Resolver


def describe(resolver: Resolver, phrase: NounPhrase) -> str:
    """What a phrase asks for, in words of the scene."""
    adjectives = [("not " if a.negated else "") + a.text for a in phrase.adjectives if a.kind in ("colour", "shape")]
    noun = {"NOUN": f"thing of category {phrase.noun}", "NAME": f"thing named {phrase.noun}"}.get(phrase.head, "thing")
    if phrase.head == "NOUN":
        found = matching_noun(resolver.scene, phrase.noun, resolver.lexicon)[0]
        categories = {category_of(thing) for thing in found}
        noun = f"thing of category {categories.pop()}" if len(categories) == 1 else phrase.noun if found else noun
    return " ".join([*adjectives, noun, *(relation.text for relation in phrase.relations)])


def absent(resolver: Resolver, phrase: NounPhrase, steps: list[tuple[str, list[SceneObject]]]) -> Refused:
    """Nothing fits the phrase; `steps` are the candidates after each word."""
    base = steps[0][1]
    colours = listing(f"{thing.name} ({thing.colour or 'no colour'})" for thing in base[:12])
    return Refused(
        "absent",
        f'There is no "{phrase.text}" here; what comes near: {colours}.',
        what_there_is(resolver),
        [thing.name for thing in base],
    )


def too_few(resolver: Resolver, phrase: NounPhrase, matches: list[SceneObject], wanted: int) -> Refused:
    """Fewer things than the phrase asks for."""
    names = [thing.name for thing in matches]
    return Refused(
        "absent",
        f'"{phrase.text}" asks for {wanted}, and there {"is" if len(names) == 1 else "are"} only {len(names)}: '
        f"{listing(names)}.",
        "",
        names,
    )


def ambiguous(resolver: Resolver, phrase: NounPhrase, matches: list[SceneObject]) -> Refused:
    """More things than the phrase asks for, with a hint that tells them apart."""
    names = [thing.name for thing in matches]
    colours = [thing.colour for thing in matches]
    noun = phrase.noun if phrase.head == "NOUN" else "one"
    if None not in colours and len(set(colours)) == len(colours):
        hint = f"Say the colour: {listing((f'the {colour} {noun}' for colour in colours), 'or')}."
    else:
        hint = f"Say for example 'the leftmost {noun}', 'the largest {noun}', or a name: {listing(names, 'or')}."
    return Refused("ambiguous", f'"{phrase.text}" could be {listing(names, "or")}.', hint, names)


def what_there_is(resolver: Resolver) -> str:
    """The sentence that lists the scene's movable objects by colour and category."""
    things = [thing for thing in resolver.scene.objects if thing.movable]
    labels = [" ".join(filter(None, (thing.colour, category_of(thing)))) for thing in things]
    counted = [
        label if labels.count(label) == 1 else f"{labels.count(label)} {plural(label)}" for label in dict.fromkeys(labels)
    ]
    return f"There is: {listing(counted)}." if labels else "Nothing is on the table."
