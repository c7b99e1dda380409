"""From clauses to commands: frames in order, with what is left out; then one frame with every reading tried."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from lmp.meaning.relations import holds
from lmp.planners.scripted.clause_reader import HANDING_OVER, ClauseReader, Frame
from lmp.planners.scripted.lexicon import THAN, Lexicon, listing
from lmp.planners.scripted.parsing import Clause, NounPhrase, Relation
from lmp.planners.scripted.properties import is_table, matching_noun
from lmp.planners.scripted.relating import ROBOT
from lmp.planners.scripted.resolution import Discourse, Found, Place, Resolver, with_relations
from lmp.planners.scripted.situation import Situation, Task
from lmp.schema.condition import Condition
from lmp.schema.motion import Timing
from lmp.schema.plan import Refused


def frames_of(clauses: list[Clause], text: str) -> list[Frame]:
    """All frames of an instruction in the order in which they are to be done.

    Raises:
        Refused: A clause without a verb to take over, a verb that is no skill, or parts that do not fit together.
    """
    ordered: list[list[Frame]] = []
    last: Frame | None = None
    fronted, end = False, 0
    for clause in clauses:
        words = " ".join(text[clause.start : clause.end].split())
        if clause.kind == "unable":
            _refuse_verb(clause, words)
        frames = ClauseReader(clause, words, last).frames()
        taken = {"first", "last"} if any(frame.taken for frame in frames) else set()
        marks = {*clause.marks, *({*clause.trailing} - taken)}
        dangling = {*clause.trailing} & {"before", "after"}
        if dangling:
            raise Refused(
                "not_understood", f"I do not understand {dangling.pop()!r} in {words!r}.", "Say before or after what."
            )
        initial = "sentence" in marks or not ordered
        earlier = "but_first" in marks or (not initial and bool({"first", "after"} & marks))
        if last is not None and (fronted or earlier or "instead" in marks):
            _bind(frames[0], last)
        last = frames[-1]
        if "not" in marks:
            frames[0].negated = clause.text_of(text)
        if clause.kind == "gapped" and ordered and ":" in text[end : clause.start]:
            ordered[-1][-1] = last = _listed(ordered[-1][-1], frames[-1])
        elif "instead" in marks and ordered:
            ordered[-1] = frames
        elif (fronted or earlier) and ordered:
            ordered.insert(len(ordered) - 1, frames)
        else:
            ordered.append(frames)
        fronted, end = "before" in marks and initial, clause.end
    if fronted:
        raise Refused("not_understood", f"{text.strip()!r} says before what, but not what to do.", "Add the instruction.")
    flat = _carried(_placed([frame for frames in ordered for frame in frames]))
    for frame in flat:
        if frame.negated:
            raise Refused("not_understood", f"{frame.negated!r}: I cannot promise what to avoid.", "Say only what to do.")
    return flat


def _refuse_verb(clause: Clause, words: str) -> None:
    verb = clause.verb.text if clause.verb else words
    meant = clause.verb.value if clause.verb else ""
    hint = "I can pick up, put, move, push, stack, swap, line up, clear and go home."
    if meant in ("give", "hand", "pass", "serve"):
        hint = HANDING_OVER
    elif meant in ("throw", "toss", "hurl", "fling", "pour", "roll"):
        hint = "I can put it there, or push it: 'put the ball in the bowl'."
    raise Refused("not_understood", f"{verb!r} is nothing that I can do.", hint)


def _placed(frames: list[Frame]) -> list[Frame]:
    """For "put the red block, then the green one in the bowl": the place that is said last is that of all."""
    for before, frame in zip(frames[-2::-1], frames[:0:-1], strict=True):
        if frame.gapped and frame.says_where and not before.says_where and before.action in ("put", "move", "push"):
            before.relations, before.steps, before.particles = list(frame.relations), list(frame.steps), list(frame.particles)
    return frames


def _listed(frame: Frame, things: Frame) -> Frame:
    """For "put the blocks in a row: red, green, blue": the list says which things, and in which order."""
    whole = frame.themes[-1] if frame.themes else None
    if whole is not None and whole.head == "NOUN":
        named = [theme if theme.head else replace(theme, head="NOUN", noun=whole.noun) for theme in things.themes]
        return replace(frame, themes=named, joints=["and"] * (len(named) - 1))
    return replace(frame, themes=things.themes, joints=["and"] * (len(things.themes) - 1))


def _carried(frames: list[Frame]) -> list[Frame]:
    """Joins "pick up all the blocks and put them in the bowl" to one action, since the gripper carries one object at a time."""
    kept: list[Frame] = []
    for frame in frames:
        before = kept[-1] if kept else None
        several = before is not None and (len(before.themes) > 1 or any(theme.many for theme in before.themes))
        picked = several and before is not None and before.action == "pick" and before.verb not in ("gather", "collect")
        pronoun = len(frame.themes) == 1 and frame.themes[0].head == "PRON" and frame.themes[0].noun in ("them", "those", "it")
        if before is not None and picked and pronoun and frame.action in ("put", "move", "stack", "row") and not before.steps:
            kept.pop()
            last = with_relations(before.themes[-1], before.relations)
            frame = replace(
                frame, themes=[*before.themes[:-1], last], joints=list(before.joints), speed=frame.speed or before.speed
            )
        kept.append(frame)
    return kept


def _bind(frame: Frame, before: Frame) -> None:
    """Binds a pronoun in the order of the text where the order of the actions is another."""
    if len(frame.themes) == 1 and frame.themes[0].head == "PRON" and before.themes:
        frame.themes, frame.joints = list(before.themes), list(before.joints)


MOST_RELATIONS = 4
"""More prepositional phrases in one clause are refused; with four there are at most 56 readings."""
_NO_GOAL = frozenset({"from", "of", "touching", "nearest", "farthest", "in_hand"})


@dataclass(frozen=True)
class Reading:
    """One way to understand a clause: its themes with what describes them, and the goal."""

    themes: tuple[NounPhrase, ...]
    goal: Relation | None


def readings(themes: list[NounPhrase], relations: list[Relation], goal: bool, text: str) -> Iterator[Reading]:
    """Every way to attach the relations; with `goal`, one of them is where the themes go.

    Raises:
        Refused: There are too many of them.
    """
    if len(relations) > MOST_RELATIONS:
        raise Refused(
            "not_understood", f"{text!r} nests {len(relations)} places in one clause.", "Say it in several sentences."
        )
    if not themes and not relations:
        raise Refused("not_understood", f"{text!r} does not say what to do with which object.", "Name the object.")
    if not goal and not themes:
        raise Refused("not_understood", f"{text!r} does not say with which object.", "Name the object.")
    if not goal:
        for head in attached(themes[-1], relations):
            yield Reading((*themes[:-1], head), None)
        return
    for at in range(len(relations) - 1, -1, -1):
        target = relations[at]
        if target.value in _NO_GOAL or target.value.endswith(THAN):
            continue
        after = relations[at + 1 :]
        if after and not target.objects:
            continue
        if at and not themes:
            continue
        heads: list[NounPhrase | None] = [*attached(themes[-1], relations[:at])] if themes else [None]
        ends: list[NounPhrase | None] = [*attached(target.objects[-1], after)] if target.objects else [None]
        words = " ".join([target.text, *(relation.text for relation in after)])
        for front in heads:
            for last in ends:
                objects = (*target.objects[:-1], last) if last is not None else ()
                full = (*themes[:-1], front) if front is not None else ()
                yield Reading(full, replace(target, objects=objects, text=words))


def attached(phrase: NounPhrase, relations: list[Relation]) -> Iterator[NounPhrase]:
    """The phrase with the relations hung on it and on each other, in every way without crossings."""
    if not relations:
        yield phrase
        return
    if phrase.head == "PRON" or phrase.head == "REGION":
        return
    first = relations[0]
    if phrase.ordinal and first.value == "side" and not phrase.from_side:
        yield from attached(replace(phrase, from_side=first.side, text=f"{phrase.text} {first.text}"), relations[1:])
        return
    for cut in range(1, len(relations) + 1):
        inside, outside = relations[1:cut], relations[cut:]
        if not first.objects:
            if inside:
                continue
            yield from attached(with_relations(phrase, [first]), outside)
            continue
        for inner in attached(first.objects[-1], inside):
            words = " ".join([first.text, *(relation.text for relation in inside)])
            hung = replace(first, objects=(*first.objects[:-1], inner), text=words)
            yield from attached(with_relations(phrase, [hung]), outside)


@dataclass(frozen=True)
class Pace:
    """The pace that a word for speed asks for.

    Attributes:
        words: The word, or one that stands for its kind.
        speed: Largest speed of the tool [m/s].
        timing: How the motions are spread over time.
    """

    words: str
    speed: float
    timing: Timing = "keep"


PACES = {
    "slow": Pace("slowly or carefully", 0.15),
    "fast": Pace("quickly", 1.0),
    "fastest": Pace("as fast as possible", 1.5, "fastest"),
}
"""The kinds of words for speed."""


@dataclass(frozen=True)
class Understood:
    """The result of reading one clause."""

    tasks: tuple[Task, ...]
    discourse: Discourse


R = TypeVar("R")


class Command:
    """One frame against the scene and what was said before, with what every kind of clause needs."""

    def __init__(self, frame: Frame, discourse: Discourse, situation: Situation, lexicon: Lexicon):
        self.frame, self.discourse, self.situation, self.lexicon = frame, discourse, situation, lexicon
        self.scene = discourse.scene
        self.resolver = Resolver(discourse, lexicon, frame.action == "stack")

    def task(self, task: Task) -> Task:
        """The task with the pace that the clause asks for."""
        if not self.frame.speed:
            return task
        pace = PACES[self.frame.speed]
        asks = f"a speed of {pace.speed:g} m/s" if pace.timing == "keep" else "the least time that the limits allow"
        why = f'{task.why} "{pace.words}" asks for {asks}.'
        return replace(task, speed=pace.speed, timing=pace.timing, why=why)

    def put(self, name: str, conditions: tuple[Condition, ...], where: str, why: str, references: tuple[str, ...] = ()) -> Task:
        """The task to put an object somewhere, at the pace of the clause."""
        return self.task(Task("put", name, conditions, f"put {name} {where}", why, references))

    def themes(self, phrases: tuple[NounPhrase, ...]) -> Found:
        """The things acted on, each movable, none twice.

        Raises:
            Refused: Nothing is named, or a thing cannot be moved.
        """
        if not phrases:
            raise Refused("not_understood", f"{self.frame.text!r} does not say with which object.", "Name the object.")
        names: list[str] = []
        reasons: list[str] = []
        noun = ""
        for phrase in phrases:
            found = self._without_left(phrase, self.resolver.resolve(phrase, noun))
            for name in found.names:
                if name == ROBOT:
                    raise Refused(
                        "impossible", f'"{phrase.text}" is the robot; it cannot move itself about.', "Name an object."
                    )
                if not self.scene.get(name).movable:
                    message = f'"{phrase.text}" is {name}, which cannot be moved.'
                    raise Refused("impossible", message, "Name an object that can be moved.", [name])
                if name in names:
                    raise Refused(
                        "ambiguous", f'"{phrase.text}" is {name}, which is named twice.', "Name each thing once.", [name]
                    )
                names.append(name)
            reasons.append(found.why)
            noun = found.noun or noun
        return Found(tuple(names), "; ".join(reasons), noun)

    def _without_left(self, phrase: NounPhrase, found: Found) -> Found:
        """The things without those that are to be left where they are, where the phrase means several."""
        left = [name for name in found.names if name in self.discourse.left]
        if not left or self.frame.action == "leave":
            return found
        if not phrase.many or len(left) == len(found.names):
            raise Refused("impossible", f'"{phrase.text}" is {listing(left)}, to be left alone.', "Say one of the two.", left)
        names = tuple(name for name in found.names if name not in left)
        return Found(names, f"{found.why}, without {listing(left)}, to be left alone", found.noun)

    def best(self, frame: Frame, goal: bool, meant: Callable[[Reading], Understood]) -> Understood:
        """The one reading that fits the scene.

        Raises:
            Refused: None fits (the likeliest reading's reason), or several differ.
        """
        return self.fitting(readings(frame.themes, frame.relations, goal, frame.text), meant)

    def fitting(self, known: Iterable[R], meant: Callable[[R], Understood]) -> Understood:
        """The one of several readings of the clause that fits the scene.

        Raises:
            Refused: None fits (the first reading's reason), or several differ.
        """
        frame = self.frame
        survivors: list[Understood] = []
        failures: list[Refused] = []
        for reading in known:
            try:
                understood = meant(reading)
            except Refused as refused:
                failures.append(refused)
                continue
            if all(
                understood.tasks != other.tasks and conditions_in(understood) != conditions_in(other) for other in survivors
            ):
                survivors.append(understood)
        if not survivors:
            if failures:
                raise failures[0]
            message = f"{frame.text!r} does not say where to."
            raise Refused("not_understood", message, "Say for example 'in the bowl', 'next to the mug', '10 cm to the left'.")
        open_goals = [item for item in survivors if not all(self._holds(condition) for condition in conditions_in(item))]
        if len(survivors) > 1 and len(open_goals) == 1:
            return open_goals[0]
        if len(survivors) > 1:
            ways = listing((f"({task.tasks[0].description})" for task in survivors if task.tasks), "or")
            message = f"{frame.text!r} can be read in several ways: {ways}."
            raise Refused("ambiguous", message, "Say 'that is ...' for what describes the object.")
        return survivors[0]

    def answer(self, tasks: list[Task], found: Found, place: Place | None = None) -> Understood:
        """The tasks with the discourse after them."""
        return Understood(tuple(tasks), self.discourse.after(found.names, (), (found.noun,) if found.noun else (), place))

    def _holds(self, condition: Condition) -> bool:
        return holds(condition, self.scene).holds

    def ground_under(self, name: str) -> str:
        """The support of the scene on which an object goes where no place is said.

        Raises:
            Refused: The scene has none.
        """
        below = self.situation.furniture(name)
        if below is None:
            raise Refused("absent", f"{self.frame.text!r}: nothing is here to put things on.", "Say where to put them.")
        return below

    def is_table(self, relation: Relation) -> bool:
        """True if a relation refers to the table."""
        if not relation.objects:
            return False
        phrase = relation.objects[0]
        return phrase.head == "NOUN" and any(
            is_table(thing) for thing in matching_noun(self.scene, phrase.noun, self.lexicon)[0]
        )


def conditions_in(understood: Understood) -> tuple[Condition, ...]:
    """All conditions of what a clause comes to."""
    return tuple(condition for task in understood.tasks for condition in task.conditions)
