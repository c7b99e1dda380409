"""Referring expressions against the scene: a noun phrase becomes object names, with the reason, or a refusal that helps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from lmp.planners.scripted.discourse import Discourse
from lmp.planners.scripted.lexicon import Lexicon, plural
from lmp.planners.scripted.properties import category_of, has_colour, has_shape, is_table, matching_noun
from lmp.planners.scripted.ranking import rank, ranking_words
from lmp.planners.scripted.refused import Refused, listing
from lmp.planners.scripted.spatial import DESCRIPTIVE, ROBOT, centre_of, compares, loosely, strictly
from lmp.planners.scripted.syntax import NounPhrase, Relation
from lmp.schema.scene import SceneObject


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


class Resolver:
    """Resolves the noun phrases of one clause."""

    def __init__(self, discourse: Discourse, lexicon: Lexicon):
        self.discourse, self.scene, self.lexicon = discourse, discourse.scene, lexicon

    def resolve(self, phrase: NounPhrase, noun: str = "") -> Found:
        """The objects that a phrase means; `noun` is what "one" stands for first.

        Raises:
            Refused: Nothing fits, or too much, or it is no phrase for objects.
        """
        if phrase.head == "PRON":
            return self._pronoun(phrase)
        if (
            phrase.head == "NOUN"
            and phrase.noun in self.lexicon.group("robot")
            and not matching_noun(self.scene, phrase.noun, self.lexicon)[0]
        ):
            return Found((ROBOT,), f'"{phrase.text}" is the robot itself', "robot")
        if phrase.head == "STRUCTURE":
            return self._structure(phrase)
        if phrase.head == "REGION":
            raise Refused("not_understood", f'"{phrase.text}" is a place, not an object.', "Name an object.")
        if phrase.quantifier == "both" and not phrase.head and not phrase.adjectives and len(self.discourse.mentioned) == 2:
            return Found(self.discourse.mentioned, f'"{phrase.text}" is {listing(self.discourse.mentioned)}, spoken of before')
        matches, remark = self.matches(phrase, noun)
        chosen, how = self._quantify(phrase, matches)
        head = phrase.noun if phrase.head == "NOUN" else noun
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
            raise self._absent(phrase, steps)
        head = phrase.noun if phrase.head == "NOUN" else noun
        for relation in phrase.relations:
            candidates = self._related(phrase, candidates, relation, head)
        for exception in phrase.exceptions:
            excluded = self.resolve(exception, head).names
            missing = [name for name in excluded if name not in [thing.name for thing in candidates]]
            if missing:
                raise Refused(
                    "impossible",
                    f'"{exception.text}" is {listing(missing)}, which "{phrase.text}" does not include anyway.',
                    "Leave the exception out.",
                    missing,
                )
            candidates = [thing for thing in candidates if thing.name not in excluded]
            remark = f'leaving out {listing(excluded)} for "{exception.text}"'
        if not candidates:
            raise Refused("absent", f'Nothing is left for "{phrase.text}".', self._what_there_is())
        return candidates, remark

    def _spoken_of(self, phrase: NounPhrase) -> tuple[str, ...]:
        mentioned = self.discourse.mentioned
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
                    self._what_there_is(),
                    [thing.name for thing in movable],
                )
            return found, remark
        for earlier in (noun, *reversed(self.discourse.nouns)):
            found = matching_noun(self.scene, earlier, self.lexicon)[0] if earlier else []
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

    def _pronoun(self, phrase: NounPhrase) -> Found:
        themes = self.discourse.themes
        if phrase.noun == "robot":
            return Found((ROBOT,), f'"{phrase.text}" is the robot', "robot")
        if phrase.noun == "person":
            raise Refused(
                "not_understood",
                f'"{phrase.text}": I do not know where you are.',
                "Say it by the robot or by objects, such as 'towards the robot'.",
            )
        if phrase.noun in ("them", "those"):
            plural_theme = next((theme for theme in reversed(themes) if len(theme) > 1), None)
            names = plural_theme if plural_theme is not None and plural_theme == themes[-1] else self.discourse.mentioned
            if len(names) < 2:
                raise Refused("ambiguous", f'"{phrase.text}": I do not know which things are meant.', "Name them.")
            return Found(names, f'"{phrase.text}" is {listing(names)}, spoken of before')
        if phrase.noun in ("it", "that"):
            held = self.scene.held
            if not themes and held is not None:
                return Found((held.name,), f'"{phrase.text}" is {held.name}, the thing in the hand')
            if not themes:
                raise Refused("ambiguous", f'"{phrase.text}": nothing was named before.', "Name the object.")
            if len(themes[-1]) != 1:
                raise Refused(
                    "ambiguous",
                    f'"{phrase.text}" could be {listing(themes[-1], "or")}.',
                    "Name the object, or say 'them'.",
                    themes[-1],
                )
            return Found(themes[-1], f'"{phrase.text}" is {themes[-1][0]}, spoken of before')
        raise Refused("not_understood", f'I do not understand "{phrase.text}" here.', "Name an object.")

    def _structure(self, phrase: NounPhrase) -> Found:
        if phrase.noun == "tower" and self.discourse.place is not None and self.discourse.place.relation == "tower":
            top = self.discourse.place.references[-1]
            return Found((top,), f'"{phrase.text}" ends with {top} on top')
        raise Refused(
            "absent",
            f'There is no {phrase.noun} that I know of for "{phrase.text}".',
            "Name the object, such as 'the blue block'.",
        )

    def _related(self, phrase: NounPhrase, candidates: list[SceneObject], relation: Relation, noun: str) -> list[SceneObject]:
        if relation.value not in DESCRIPTIVE:
            raise Refused(
                "not_understood",
                f'"{relation.text}" does not describe where something is.',
                "Say 'on', 'in', 'next to', 'left of' ...",
            )
        if relation.value == "side":
            if relation.negated:
                raise Refused("not_understood", f'I do not understand "not {relation.text}".', "Say which side instead.")
            return ranking_words(candidates, relation, phrase, self.scene)
        if relation.value == "is":
            same = [thing.name for thing in self.matches(relation.objects[0], noun)[0]]
            kept = [thing for thing in candidates if (thing.name in same) != relation.negated]
            if not kept:
                raise Refused(
                    "absent", f'"{phrase.text}": no such thing.', self._what_there_is(), [thing.name for thing in candidates]
                )
            return kept
        references = self._references(relation, noun, candidates)
        if relation.value in ("nearest", "farthest"):
            sign = 1.0 if relation.value == "nearest" else -1.0
            others = [thing for thing in candidates if thing.name not in references]
            points = [centre_of(self.scene, name)[:2] for name in references]
            others.sort(key=lambda thing: sign * min(float(np.hypot(*(thing.centre[:2] - point))) for point in points))
            return others[: max(1, phrase.count)]
        if relation.value.endswith("_than"):
            limits = [self.scene.get(name) for name in references if name != ROBOT]
            kept = [thing for thing in candidates if all(compares(relation.value, thing, limit) for limit in limits)]
        else:
            kept = self._placed(phrase, candidates, relation, references)
        if relation.negated:
            kept = [thing for thing in candidates if thing not in kept]
        if not kept:
            raise Refused(
                "absent",
                f'"{phrase.text} {relation.text}": no such thing; {listing(thing.name for thing in candidates)} '
                f"{'is' if len(candidates) == 1 else 'are'} elsewhere.".replace(
                    f"{relation.text} {relation.text}", relation.text
                ),
                self._what_there_is(),
                [thing.name for thing in candidates],
            )
        return kept

    def _placed(
        self, phrase: NounPhrase, candidates: list[SceneObject], relation: Relation, references: tuple[str, ...]
    ) -> list[SceneObject]:
        groups = [references] if relation.value in ("between", "middle_of") else [(reference,) for reference in references]
        strict = [
            thing
            for thing in candidates
            if any(thing.name not in group and strictly(self.scene, relation, thing.name, group) for group in groups)
        ]
        if strict and not phrase.many:
            return strict
        return [
            thing
            for thing in candidates
            if any(thing.name not in group and loosely(self.scene, relation, thing.name, group) for group in groups)
        ] or strict

    def _references(self, relation: Relation, noun: str, candidates: list[SceneObject]) -> tuple[str, ...]:
        names: list[str] = []
        for phrase in relation.objects:
            if phrase.head in ("NOUN", "ONE", "THING") and phrase.determiner == "a" and relation.value not in ("between",):
                names += [thing.name for thing in self.matches(phrase, noun)[0]]
                continue
            try:
                names += self.resolve(phrase, noun).names
            except Refused as refused:
                if refused.refusal.reason != "ambiguous" or phrase.head not in ("NOUN", "ONE"):
                    raise
                possible = [thing.name for thing in self.matches(phrase, noun)[0]]
                fitting = [name for name in possible if self._any_placed(candidates, relation, name)]
                if len(fitting) != 1:
                    raise
                names += fitting
        if not names:
            raise Refused("not_understood", f'"{relation.text}": of what?', "Name the object.")
        return tuple(dict.fromkeys(names))

    def _any_placed(self, candidates: list[SceneObject], relation: Relation, reference: str) -> bool:
        return any(
            thing.name != reference
            and (
                strictly(self.scene, relation, thing.name, (reference,))
                or loosely(self.scene, relation, thing.name, (reference,))
            )
            for thing in candidates
        )

    def _quantify(self, phrase: NounPhrase, matches: list[SceneObject]) -> tuple[list[SceneObject], str]:
        ranked, how = rank(phrase, matches, self.scene)
        if ranked is not None:
            return ranked, how
        described = self._describe(phrase)
        wanted = 2 if phrase.quantifier == "both" else phrase.count
        single = not phrase.many or (phrase.partitive and phrase.count == 1)
        if (
            phrase.quantifier == "any"
            or phrase.determiner == "a"
            or (wanted and not phrase.definite_count and phrase.quantifier != "both")
        ):
            wanted = wanted or 1
            if len(matches) < wanted:
                raise self._too_few(phrase, matches, wanted)
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
        salient = [thing for thing in matches if thing.name in self._recent()]
        if len(salient) == 1 and phrase.determiner in ("the", "demonstrative"):
            return salient, f"the {described} spoken of before"
        raise self._ambiguous(phrase, matches)

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
            return matches, f"the {wanted} that there are" if wanted > 1 else f"the only {self._describe(phrase)}"
        if len(matches) < wanted:
            raise self._too_few(phrase, matches, wanted)
        salient = [thing for thing in matches if thing.name in self.discourse.mentioned]
        if len(salient) == wanted:
            return salient, "spoken of before"
        raise self._ambiguous(phrase, matches)

    def _describe(self, phrase: NounPhrase) -> str:
        adjectives = [("not " if a.negated else "") + a.text for a in phrase.adjectives if a.kind in ("colour", "shape")]
        noun = {"NOUN": f"thing of category {phrase.noun}", "NAME": f"thing named {phrase.noun}"}.get(phrase.head, "thing")
        if phrase.head == "NOUN":
            found = matching_noun(self.scene, phrase.noun, self.lexicon)[0]
            noun = f"thing of category {category_of(found[0])}" if found else noun
        return " ".join([*adjectives, noun, *(relation.text for relation in phrase.relations)])

    def _absent(self, phrase: NounPhrase, steps: list[tuple[str, list[SceneObject]]]) -> Refused:
        base = steps[0][1]
        colours = listing(f"{thing.name} ({thing.colour or 'no colour'})" for thing in base[:12])
        return Refused(
            "absent",
            f'There is no "{phrase.text}" here; what comes near: {colours}.',
            self._what_there_is(),
            [thing.name for thing in base],
        )

    def _too_few(self, phrase: NounPhrase, matches: list[SceneObject], wanted: int) -> Refused:
        names = [thing.name for thing in matches]
        return Refused(
            "absent",
            f'"{phrase.text}" asks for {wanted}, and there {"is" if len(names) == 1 else "are"} only {len(names)}: {listing(names)}.',
            "",
            names,
        )

    def _ambiguous(self, phrase: NounPhrase, matches: list[SceneObject]) -> Refused:
        names = [thing.name for thing in matches]
        colours = [thing.colour for thing in matches]
        noun = phrase.noun if phrase.head == "NOUN" else "one"
        if None not in colours and len(set(colours)) == len(colours):
            hint = f"Say the colour: {listing((f'the {colour} {noun}' for colour in colours), 'or')}."
        else:
            hint = f"Say for example 'the leftmost {noun}', 'the largest {noun}', or a name: {listing(names, 'or')}."
        return Refused("ambiguous", f'"{phrase.text}" could be {listing(names, "or")}.', hint, names)

    def _what_there_is(self) -> str:
        return what_there_is(thing for thing in self.scene.objects if thing.movable)


def what_there_is(things: Iterable[SceneObject]) -> str:
    """The sentence that lists a scene's objects by colour and category."""
    labels = [" ".join(filter(None, (thing.colour, category_of(thing)))) for thing in things]
    counted = [
        label if labels.count(label) == 1 else f"{labels.count(label)} {plural(label)}" for label in dict.fromkeys(labels)
    ]
    return f"There is: {listing(counted)}." if labels else "Nothing is on the table."


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
