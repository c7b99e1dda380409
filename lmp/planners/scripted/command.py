"""One clause in hand: its words, the scene, what was said before; every reading tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from lmp.meaning.relations import holds
from lmp.planners.scripted.attachment import Reading, readings
from lmp.planners.scripted.discourse import Discourse, Place
from lmp.planners.scripted.found import Found
from lmp.planners.scripted.frame import Frame
from lmp.planners.scripted.lexicon import Lexicon
from lmp.planners.scripted.properties import is_table, matching_noun
from lmp.planners.scripted.refused import Refused, listing
from lmp.planners.scripted.resolution import Resolver
from lmp.planners.scripted.situation import Situation
from lmp.planners.scripted.spatial import ROBOT
from lmp.planners.scripted.syntax import NounPhrase, Relation
from lmp.planners.scripted.tasks import Task
from lmp.schema.condition import Condition
from lmp.schema.motion import Timing


@dataclass(frozen=True)
class Pace:
    """What a word for speed asks for.

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
    """What one clause comes to."""

    tasks: tuple[Task, ...]
    discourse: Discourse


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
                    raise Refused(
                        "impossible",
                        f'"{phrase.text}" is {name}, which cannot be moved.',
                        "Name an object on the table.",
                        [name],
                    )
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
        survivors: list[Understood] = []
        failures: list[Refused] = []
        for reading in readings(frame.themes, frame.relations, goal, frame.text):
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
            raise Refused(
                "not_understood",
                f"{frame.text!r} does not say where to.",
                "Say for example 'in the bowl', 'next to the mug', '10 cm to the left'.",
            )
        open_goals = [item for item in survivors if not all(self._holds(condition) for condition in conditions_in(item))]
        if len(survivors) > 1 and len(open_goals) == 1:
            return open_goals[0]
        if len(survivors) > 1:
            ways = listing((f"({task.tasks[0].description})" for task in survivors if task.tasks), "or")
            raise Refused(
                "ambiguous",
                f"{frame.text!r} can be read in several ways: {ways}.",
                "Say 'that is ...' for what describes the object.",
            )
        return survivors[0]

    def answer(self, tasks: list[Task], found: Found, place: Place | None = None) -> Understood:
        """The tasks with the discourse after them."""
        return Understood(tuple(tasks), self.discourse.after(found.names, (), (found.noun,) if found.noun else (), place))

    def _holds(self, condition: Condition) -> bool:
        return holds(condition, self.scene).holds

    def is_table(self, relation: Relation) -> bool:
        """Whether a relation refers to the table."""
        if not relation.objects:
            return False
        phrase = relation.objects[0]
        return phrase.head == "NOUN" and any(
            is_table(thing) for thing in matching_noun(self.scene, phrase.noun, self.lexicon)[0]
        )


def conditions_in(understood: Understood) -> tuple[Condition, ...]:
    """All conditions of what a clause comes to."""
    return tuple(condition for task in understood.tasks for condition in task.conditions)
