"""Verbs that skills bring themselves: how the grammar knows them, and what a clause with one comes to."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pydantic import ValidationError

from lmp.planners.scripted.clause_reader import Frame
from lmp.planners.scripted.command import MOST_RELATIONS, Command, Understood, attached
from lmp.planners.scripted.lexicon import Lexeme, Lexicon, inflections, listing
from lmp.planners.scripted.parsing import NounPhrase, Relation
from lmp.planners.scripted.relating import ROBOT
from lmp.planners.scripted.situation import Task
from lmp.primitives.skill import filled, takes
from lmp.schema.condition import CONDITIONS, Condition
from lmp.schema.plan import Refusal, Refused, Request, Subgoal
from lmp.schema.skill import SkillSpec, Verb

OF_SKILL = "skill "
"""The action of a frame whose verb a skill brings begins so, and goes on with the skill's name."""
DIRECTION, APPROACH = "direction", "approach"
"""The parameters that a direction ("to the left") and a side ("from the left") fill where a skill has them."""
Entries = dict[tuple[str, ...], list[Lexeme]]


@dataclass(frozen=True)
class Slot:
    """An object that a verb takes.

    Attributes:
        prepositions: Those of which one stands before it; "" for none.
        field: The parameter that it fills.
    """

    prepositions: tuple[str, ...]
    field: str


def slots_of(verb: Verb) -> tuple[Slot, ...]:
    """The objects that a verb's pattern asks for, in its order."""
    words: list[str] = []
    slots: list[Slot] = []
    for word in verb.pattern.split():
        if word.isupper():
            slots.append(Slot(tuple(" ".join(words).split("|")), word.lower()))
            words = []
        else:
            words.append(word)
    return tuple(slots)


def verb_entries(skills: Mapping[str, SkillSpec], lexicon: Lexicon) -> Entries:
    """Readings of the verbs, prepositions and particles of the skills; what the lexicon knows as such has its meaning there."""
    entries: Entries = {}

    def add(phrase: str, lexeme: Lexeme) -> None:
        words = tuple(phrase.split())
        if not any(known.tag == lexeme.tag for known in lexicon.entries.get(words, ())):
            entries.setdefault(words, []).append(lexeme)

    for name, spec in skills.items():
        for verb in spec.verbs:
            first, _, rest = verb.word.partition(" ")
            for form in (*sorted(inflections(first)), *verb.forms):
                add(f"{form} {rest}", Lexeme("VERB", f"{OF_SKILL}{name}", kind=verb.word))
            for preposition in (word for slot in slots_of(verb) for word in slot.prepositions if word not in ("", "with")):
                add(preposition, Lexeme("REL", preposition))
            for particle in verb.particles:
                add(particle, Lexeme("PARTICLE", particle))
    return entries


def is_of_skill(frame: Frame) -> bool:
    """True if a skill brings the verb of the frame."""
    return frame.action.startswith(OF_SKILL)


def asked(command: Command, skills: Mapping[str, SkillSpec]) -> Understood:
    """The tasks of a clause with the verb of a skill.

    Raises:
        Refused: The words fit no pattern of the verb, or ask for what the skill does not take.
    """
    frame = command.frame
    spec = skills[frame.action.removeprefix(OF_SKILL)]
    frame.takes("relations", "steps", "companions")
    failures: list[Refused] = []
    for verb in (verb for verb in spec.verbs if verb.word == frame.verb):
        clause = _Clause(command, spec, verb)
        try:
            return command.fitting(clause.readings(), clause.understood)
        except Refused as refused:
            failures.append(refused)
    raise max(failures, key=lambda refused: refused.refusal.reason != "not_understood")


Filled = Mapping[str, tuple[NounPhrase, ...]]


class _Clause:
    """One clause, read by one verb of a skill."""

    def __init__(self, command: Command, spec: SkillSpec, verb: Verb):
        self.command, self.frame, self.spec, self.verb = command, command.frame, spec, verb
        self.slots = slots_of(verb)
        self.distances = [relation.distance for relation in self.frame.relations if relation.distance]
        self.asks: dict[str, Request] = {}

    def readings(self) -> Iterator[Filled]:
        """Every way to fill the slots with what is said, each relation in a slot or hung on what comes before it.

        Raises:
            Refused: Something is said for which there is no slot, or nothing for one.
        """
        frame, direct = self.frame, next((slot for slot in self.slots if slot.prepositions == ("",)), None)
        surplus = [particle for particle in frame.particles if particle not in self.verb.particles]
        if surplus or len(frame.relations) > MOST_RELATIONS:
            raise self._no(surplus[0] if surplus else frame.relations[-1].text)
        if (direct is None) != (not frame.themes):
            raise self._no(frame.themes[0].text) if frame.themes else self._says_not(direct)
        tool = next((slot for slot in self.slots if slot.prepositions == ("with",)), None)
        if (tool is None) != (not frame.companions):
            raise self._no(f"with {frame.companions[0].text}") if frame.companions else self._says_not(tool)
        fixed = {} if direct is None else {direct.field: tuple(frame.themes)}
        fixed |= {} if tool is None else {tool.field: tuple(frame.companions)}
        said = [slot for slot in self.slots if slot not in (direct, tool)]
        found = False
        for order in itertools.permutations(range(len(frame.relations)), len(said)):
            if all(self._stands(slot, frame.relations[at]) for slot, at in zip(said, order, strict=True)):
                for reading in self._hung(dict(zip(order, said, strict=True)), fixed):
                    found = True
                    yield reading
        if not found:
            raise self._no(frame.relations[0].text) if frame.relations else self._says_not(said[0] if said else None)

    def _stands(self, slot: Slot, relation: Relation) -> bool:
        """True if the preposition is one of those before the slot, or means the same."""
        known = self.command.lexicon.entries
        values = {read.value for word in slot.prepositions for read in known.get(tuple(word.split()), ()) if read.tag == "REL"}
        return bool(relation.objects) and relation.value in (values or slot.prepositions)

    def _hung(self, chosen: Mapping[int, Slot], fixed: Filled) -> Iterator[Filled]:
        """The ways to attach the relations that fill no slot to what comes before them."""
        relations, ends = self.frame.relations, [*sorted(chosen), len(self.frame.relations)]
        direct = next((slot.field for slot in self.slots if slot.prepositions == ("",)), None)
        if ends[0] and direct is None:
            return
        runs = [(direct, self.frame.themes, relations[: ends[0]])] if direct is not None else []
        runs += [
            (chosen[at].field, list(relations[at].objects), relations[at + 1 : end]) for at, end in itertools.pairwise(ends)
        ]
        ways = [[(field, (*phrases[:-1], last)) for last in attached(phrases[-1], after)] for field, phrases, after in runs]
        for way in itertools.product(*ways):
            yield {**fixed, **dict(way)}

    def understood(self, reading: Filled) -> Understood:
        """The tasks of one reading: one for each object that the first slot means.

        Raises:
            Refused: An object is absent or ambiguous, or more is asked for than the skill takes.
        """
        named: dict[str, tuple[str, ...]] = {}
        why: list[str] = []
        self.asks = self._requests()
        for slot in self.slots:
            phrases = tuple(self._without_side(phrase) for phrase in reading[slot.field])
            found = [self.command.resolver.resolve(phrase) for phrase in phrases]
            names = tuple(dict.fromkeys(name for each in found for name in each.names))
            if ROBOT in names or (len(names) > 1 and slot is not self.slots[0]):
                message = f'"{phrases[0].text}" is {listing("the robot" if name == ROBOT else name for name in names)}.'
                raise Refused("impossible", message, f"Name one object for {self.spec.name!r}.")
            named[slot.field] = names
            why += [each.why for each in found]
        firsts = named[self.slots[0].field] if self.slots else ("",)
        others = {field: names[0] for field, names in list(named.items())[1:]}
        tasks = [self.command.task(self._task(first, others, "; ".join(why))) for first in firsts]
        discourse = self.command.discourse
        if firsts != ("",):
            discourse = discourse.after(firsts, tuple(others.values()), (), None)
        return Understood(tuple(tasks), discourse)

    def _task(self, first: str, others: Mapping[str, str], why: str) -> Task:
        fields: dict[str, Request] = {**({self.slots[0].field: first} if self.slots else {}), **others}
        words = [f"{slot.prepositions[0]} {fields[slot.field]}".strip() for slot in self.slots]
        names = tuple(name for name in (first, *others.values()) if name)
        requests = {**self.asks, **{field: name for field, name in fields.items() if field != "object"}}
        description = " ".join([self.verb.word, *words])
        reasoning = f"{why or self.frame.text} (skill {self.spec.name})."
        task = Task(
            "asked", first, self._conditions(names), description, reasoning, tuple(others.values()),
            requests=requests, skill=self.spec.name, asked_needs=self.spec.needs,
        )  # fmt: skip
        if self.spec.ground is None:
            said = Subgoal(description=task.description, reasoning=task.why, skill=task.skill, objects=names, requests=requests)
            answer = filled(self.spec.parameters, said)
            if isinstance(answer, Refusal):
                raise Refused(answer.reason, answer.message, answer.hint)
        return task

    def _conditions(self, names: tuple[str, ...]) -> tuple[Condition, ...]:
        """The conditions that the skill achieves, said of these objects and of the distance that was asked for.

        Raises:
            Refused: No such condition can be.
        """
        said = self.asks.get(self.verb.distance) if self.verb.distance else None
        distance = said if isinstance(said, float) else None
        try:
            return tuple(CONDITIONS[kind].about(*names, distance=distance) for kind in self.spec.achieves)
        except ValidationError as error:
            message = f"{self.frame.text!r} goes beyond what {self.spec.name} can do: {error.errors()[0]['msg']}."
            raise Refused("infeasible", message, f"It takes: {takes(self.spec.parameters)}.") from error

    def _without_side(self, phrase: NounPhrase) -> NounPhrase:
        """The phrase without "from the left", which is how to come there where it counts nothing."""
        if not phrase.from_side or phrase.ordinal:
            return phrase
        self._ask(APPROACH, {"back": "behind"}.get(phrase.from_side, phrase.from_side), f"a side, {phrase.from_side!r}")
        return replace(phrase, from_side="")

    def _requests(self) -> dict[str, Request]:
        """The parameters that the words ask for.

        Raises:
            Refused: The skill takes no such parameter, or it is said twice.
        """
        self.asks = {}
        for distance, direction in [*((distance, "") for distance in self.distances), *self.frame.steps]:
            if distance:
                self._ask(self.verb.distance, distance, f"a distance, {distance:g} m")
            if direction:
                self._ask(DIRECTION, direction, f"a direction, {direction!r}")
        return self.asks

    def _ask(self, field: str, value: Request, said: str) -> None:
        if field not in self.spec.parameters.model_fields or field in self.asks:
            message = (
                f"{self.frame.text!r} asks for {said}, and {self.spec.name} takes {'one' if field in self.asks else 'none'}."
            )
            raise Refused("impossible", message, f"It takes: {takes(self.spec.parameters)}.")
        self.asks[field] = value

    def _no(self, words: str) -> Refused:
        return Refused("not_understood", f'I do not understand "{words}" in {self.frame.text!r}.', self._hint)

    def _says_not(self, slot: Slot | None) -> Refused:
        what = "what" if slot is None else " ".join(filter(None, (slot.prepositions[0], "which object")))
        return Refused("not_understood", f"{self.frame.text!r} does not say {what}.", self._hint)

    @property
    def _hint(self) -> str:
        said = listing(
            (f"'{verb.word} {verb.pattern}'".replace("|", " or ").replace(" '", "'") for verb in self.spec.verbs), "or"
        )
        return f"Say {said}; {self.spec.name} takes {takes(self.spec.parameters)}."
