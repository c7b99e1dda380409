"""Referring expressions against the scene: a noun phrase becomes object names, with the reason, or a refusal that helps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from lmp.planners.scripted.lexicon import Lexicon, listing
from lmp.planners.scripted.parsing import NounPhrase, Relation
from lmp.planners.scripted.properties import (
    absent,
    ambiguous,
    describe,
    has_colour,
    has_shape,
    is_table,
    matching_noun,
    rank,
    too_few,
    what_there_is,
)
from lmp.planners.scripted.relating import ROBOT, loosely, related
from lmp.schema.condition import Condition
from lmp.schema.plan import Refused
from lmp.schema.scene import Scene, SceneObject


@dataclass(frozen=True)
class Found:
    """The objects that a phrase means, and why.

    Attributes:
        names: Objects in the order in which they should be acted on.
        why: One clause of reasoning with the phrase's words.
        noun: The head noun, for a later "one".
    """

    names: tuple[str, ...]
    why: str
    noun: str = ""


@dataclass(frozen=True)
class Place:
    """A place where something was put: the relation, its references, and the words."""

    relation: str
    references: tuple[str, ...]
    words: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Discourse:
    """The state of the conversation between two clauses.

    Attributes:
        scene: The scene in which all words are understood.
        themes: What each clause so far was about, oldest first.
        references: What the last clause referred to as a place.
        nouns: Head nouns so far, oldest first, for "one".
        place: Where the last thing was put.
        left: What the instruction says to leave where it is.
    """

    scene: Scene
    themes: tuple[tuple[str, ...], ...] = ()
    references: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    place: Place | None = None
    left: frozenset[str] = frozenset()

    @property
    def mentioned(self) -> tuple[str, ...]:
        """Everything that was acted on so far, once each, in order."""
        return tuple(dict.fromkeys(name for theme in self.themes for name in theme))

    def after(
        self, theme: tuple[str, ...], references: tuple[str, ...], nouns: tuple[str, ...], place: Place | None
    ) -> Discourse:
        """The state after a clause."""
        return replace(
            self,
            themes=(*self.themes, theme) if theme else self.themes,
            references=references,
            nouns=(*self.nouns, *nouns),
            place=place or self.place,
        )


def pronoun(resolver: Resolver, phrase: NounPhrase) -> Found:
    """The objects that a pronoun means.

    Raises:
        Refused: Nothing or several things were spoken of.
    """
    themes = resolver.discourse.themes
    if phrase.noun == "robot":
        return Found((ROBOT,), f'"{phrase.text}" is the robot', "robot")
    if phrase.noun == "person":
        message = f'"{phrase.text}": I do not know where you are.'
        raise Refused("not_understood", message, "Say it by the robot or by objects, such as 'towards the robot'.")
    if phrase.noun in ("them", "those"):
        plural_theme = next((theme for theme in reversed(themes) if len(theme) > 1), None)
        names = plural_theme if plural_theme is not None and plural_theme == themes[-1] else resolver.discourse.mentioned
        if len(names) < 2:
            raise Refused("ambiguous", f'"{phrase.text}": I do not know which things are meant.', "Name them.")
        return Found(names, f'"{phrase.text}" is {listing(names)}, spoken of before')
    if phrase.noun in ("it", "that"):
        held = resolver.scene.held
        if not themes and held is not None:
            return Found((held.name,), f'"{phrase.text}" is {held.name}, the object in the gripper')
        if not themes:
            raise Refused("ambiguous", f'"{phrase.text}": nothing was named before.', "Name the object.")
        if len(themes[-1]) != 1:
            message = f'"{phrase.text}" could be {listing(themes[-1], "or")}.'
            raise Refused("ambiguous", message, "Name the object, or say 'them'.", themes[-1])
        return Found(themes[-1], f'"{phrase.text}" is {themes[-1][0]}, spoken of before')
    raise Refused("not_understood", f'I do not understand "{phrase.text}" here.', "Name an object.")


def structure(resolver: Resolver, phrase: NounPhrase) -> Found:
    """The object that "the tower" means: its top, if one was built before.

    Raises:
        Refused: None was.
    """
    if phrase.noun == "tower" and resolver.discourse.place is not None and resolver.discourse.place.relation == "tower":
        top = resolver.discourse.place.references[-1]
        return Found((top,), f'"{phrase.text}" ends with {top} on top')
    message = f'There is no {phrase.noun} that I know of for "{phrase.text}".'
    raise Refused("absent", message, "Name the object, such as 'the blue block'.")


class Resolver:
    """Resolves the noun phrases of one clause."""

    def __init__(self, discourse: Discourse, lexicon: Lexicon, stacking: bool = False):
        self.discourse, self.scene, self.lexicon, self.stacking = discourse, discourse.scene, lexicon, stacking

    def resolve(self, phrase: NounPhrase, noun: str = "") -> Found:
        """The objects that a phrase means; `noun` is what "one" stands for first.

        Raises:
            Refused: Nothing fits, or too much, or it is no phrase for objects.
        """
        if phrase.head == "PRON":
            return pronoun(self, phrase)
        if (
            phrase.head == "NOUN"
            and phrase.noun in self.lexicon.group("robot")
            and not matching_noun(self.scene, phrase.noun, self.lexicon)[0]
        ):
            return Found((ROBOT,), f'"{phrase.text}" is the robot itself', "robot")
        if phrase.head == "STRUCTURE":
            return structure(self, phrase)
        if phrase.head == "REGION":
            raise Refused("not_understood", f'"{phrase.text}" is a place, not an object.', "Name an object.")
        if phrase.quantifier == "both" and not phrase.head and not phrase.adjectives and len(self.discourse.mentioned) == 2:
            return Found(self.discourse.mentioned, f'"{phrase.text}" is {listing(self.discourse.mentioned)}, spoken of before')
        matches, remark = self.matches(phrase, noun)
        chosen, how = self._quantify(phrase, matches)
        head = phrase.noun if phrase.head == "NOUN" else "thing" if phrase.head in ("THING", "EVERY") else noun
        reason = f'"{phrase.text}" is {listing(thing.name for thing in chosen)}'
        return Found(tuple(thing.name for thing in chosen), ", ".join(filter(None, (reason, how, remark))), head)

    def matches(self, phrase: NounPhrase, noun: str = "") -> tuple[list[SceneObject], str]:
        """All objects that the phrase's words fit, rankings and numbers left aside.

        Raises:
            Refused: Nothing fits.
        """
        candidates, remark = self._head(phrase, noun)
        steps: list[tuple[str, list[SceneObject]]] = [("", candidates)]
        for adjective in phrase.adjectives:
            if adjective.kind == "match":
                raise Refused(
                    "not_understood", f'"{phrase.text}": matching what?', "Say for example 'the bin of the same colour'."
                )
            if adjective.kind in ("colour", "shape"):
                candidates = [
                    thing
                    for thing in candidates
                    if (
                        has_colour(thing, adjective.value, self.scene, self.lexicon)
                        if adjective.kind == "colour"
                        else has_shape(thing, adjective.value, self.scene)
                    )
                    != adjective.negated
                ]
                steps.append((adjective.text, candidates))
        if phrase.other:
            candidates = [thing for thing in candidates if thing.name not in self._spoken_of(phrase)]
        if not candidates:
            raise absent(self.scene, phrase, steps)
        head = phrase.noun if phrase.head == "NOUN" else noun
        for relation in phrase.relations:
            candidates = related(self, phrase, candidates, relation, head)
        without: list[str] = []
        for exception in phrase.exceptions:
            excluded = self.resolve(exception, head).names
            missing = [name for name in excluded if name not in [thing.name for thing in candidates]]
            if missing:
                message = f'"{exception.text}" is {listing(missing)}, which "{phrase.text}" does not include anyway.'
                raise Refused("impossible", message, "Leave the exception out.", missing)
            candidates = [thing for thing in candidates if thing.name not in excluded]
            without.append(f'leaving out {listing(excluded)} for "{exception.text}"')
            remark = ", ".join(without)
        if not candidates:
            raise Refused("absent", f'Nothing is left for "{phrase.text}".', what_there_is(self.scene))
        return candidates, remark

    def _spoken_of(self, phrase: NounPhrase) -> tuple[str, ...]:
        mentioned = self.discourse.mentioned
        if not mentioned and self.scene.held is not None:
            return (self.scene.held.name,)
        if not mentioned:
            raise Refused("ambiguous", f'"{phrase.text}": other than which?', "Name the objects, or say 'all ... except ...'.")
        return (*mentioned, *self.discourse.references)

    def _head(self, phrase: NounPhrase, noun: str) -> tuple[list[SceneObject], str]:
        movable = [thing for thing in self.scene.objects if not is_table(thing)]
        if phrase.members:
            names = [name for member in phrase.members for name in self.resolve(member, noun).names]
            return [self.scene.get(name) for name in dict.fromkeys(names) if name != ROBOT], ""
        if phrase.head == "NAME":
            return [self.scene.get(phrase.noun)], ""
        if phrase.head in ("THING", "EVERY"):
            return [thing for thing in movable if thing.movable], ""
        if phrase.head == "NOUN":
            found, remark = matching_noun(self.scene, phrase.noun, self.lexicon)
            if not found:
                raise Refused(
                    "absent",
                    f"There is no {phrase.noun} here" + (f' for "{phrase.text}".' if phrase.text != phrase.noun else "."),
                    what_there_is(self.scene),
                    [thing.name for thing in movable],
                )
            return found, remark
        for earlier in (noun, *reversed(self.discourse.nouns)):
            found = movable if earlier == "thing" else matching_noun(self.scene, earlier, self.lexicon)[0] if earlier else []
            if phrase.other:
                found = [thing for thing in found if thing.name not in self._spoken_of(phrase)]
            if any(self._fits_simply(thing, phrase) for thing in found):
                return found, f"{earlier} being the word that it stands for" if phrase.head == "ONE" else ""
        return [thing for thing in movable if thing.movable], ""

    def _fits_simply(self, thing: SceneObject, phrase: NounPhrase) -> bool:
        return all(
            has_colour(thing, adjective.value, self.scene, self.lexicon) != adjective.negated
            for adjective in phrase.adjectives
            if adjective.kind == "colour"
        )

    def _quantify(self, phrase: NounPhrase, matches: list[SceneObject]) -> tuple[list[SceneObject], str]:
        ranked, how = rank(phrase, matches, self.scene)
        if ranked is not None:
            return ranked, how
        described = describe(self.scene, self.lexicon, phrase)
        wanted = 2 if phrase.quantifier == "both" else phrase.count
        single = not phrase.many or (phrase.partitive and phrase.count == 1)
        if (
            phrase.quantifier == "any"
            or phrase.determiner == "a"
            or (wanted and not phrase.definite_count and phrase.quantifier != "both")
        ):
            wanted = wanted or 1
            if len(matches) < wanted:
                raise too_few(self.scene, phrase, matches, wanted)
            nearest = sorted(
                matches,
                key=lambda thing: (
                    self._is_under(thing),
                    thing.name in self.discourse.mentioned,
                    float(np.hypot(*thing.centre[:2])),
                ),
            )
            which = "the only one" if len(matches) == 1 else "any will do, and the nearest that is free is taken"
            return nearest[:wanted], which
        if wanted > 1 or (wanted == 1 and phrase.definite_count):
            return self._exactly(phrase, matches, wanted)
        if not single:
            return matches, f"every {described}" if len(matches) > 1 else f"the only {described}"
        if len(matches) == 1:
            return matches, f"the only {described}"
        if phrase.head == "NOUN" and phrase.noun in self.lexicon.mass:
            return matches, f"every {described}"
        salient = [thing for thing in matches if thing.name in self._recent()]
        if len(salient) == 1 and phrase.determiner in ("the", "demonstrative"):
            return salient, f"the {described} spoken of before"
        raise ambiguous(self.scene, phrase, matches)

    def _recent(self) -> tuple[str, ...]:
        themes = self.discourse.themes
        return (*themes[-1], *self.discourse.references) if themes else ()

    def _is_under(self, thing: SceneObject) -> bool:
        return any(
            loosely(self.scene, Relation("on", (), ""), other.name, (thing.name,))
            for other in self.scene.objects
            if other.movable
        )

    def _exactly(self, phrase: NounPhrase, matches: list[SceneObject], wanted: int) -> tuple[list[SceneObject], str]:
        if len(matches) == wanted:
            return (
                matches,
                f"the {wanted} that there are" if wanted > 1 else f"the only {describe(self.scene, self.lexicon, phrase)}",
            )
        if len(matches) < wanted:
            raise too_few(self.scene, phrase, matches, wanted)
        salient = [thing for thing in matches if thing.name in self.discourse.mentioned]
        if len(salient) == wanted:
            return salient, "spoken of before"
        raise ambiguous(self.scene, phrase, matches)


def with_relations(phrase: NounPhrase, relations: Iterable[Relation]) -> NounPhrase:
    """The phrase with further prepositional phrases attached to it, its text extended by theirs."""
    added = tuple(relations)
    return (
        replace(
            phrase, relations=(*phrase.relations, *added), text=" ".join([phrase.text, *(relation.text for relation in added)])
        )
        if added
        else phrase
    )
