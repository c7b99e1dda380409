"""The end of a subgoal or a run: an open enumeration of run endings and registered failure classes, each with its recovery."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from lmp.schema.registry import Registry


class Response(enum.StrEnum):
    """A response of the loop to an attempt."""

    GO_ON = "go on with the next subgoal"
    NEXT_CHOICE = "perceive again and take the next choice, such as another grasp"
    SLOWER = "perceive again and do the same more slowly"
    GROUND_AGAIN = "perceive again and ground the same subgoal again"
    GO_AROUND = "perceive again and compile a path around what is there now"
    PICK_UP_AGAIN = "perceive again, pick up what was dropped with a firmer grip, and go on with the interrupted subgoal"
    OTHER_POSTURE = "go to another posture, perceive again and ground the same subgoal again"
    DECOMPOSE_AGAIN = "perceive again and decompose what is left of the instruction"
    ASK = "ask a person; where nobody is there to be asked, stop and say why"
    STOP = "stop and say why"


@dataclass(frozen=True)
class Rule:
    """One row: each response with how many failures of this class at a subgoal it answers; then the last one, which ends it."""

    steps: tuple[tuple[Response, int], ...]
    then: Response = Response.ASK


class Outcome(str):
    """The end of a subgoal or a whole run, by name; two of one name are one object.

    Those below end a run without being a failure of a motion. All others are failure classes: in `FAILURES`.
    """

    __slots__ = ()
    _known: ClassVar[dict[str, Outcome]] = {}

    SUCCEEDED: ClassVar[Outcome]
    PLANNED: ClassVar[Outcome]
    REJECTED: ClassVar[Outcome]
    OUT_OF_BUDGET: ClassVar[Outcome]
    NOTHING_DONE: ClassVar[Outcome]
    ROBOT_FAILED: ClassVar[Outcome]
    RECORD_FAILED: ClassVar[Outcome]
    PLANNER_FAILED: ClassVar[Outcome]
    WRONG_USE: ClassVar[Outcome]
    INTERRUPTED: ClassVar[Outcome]
    UNFINISHED: ClassVar[Outcome]
    NOT_RUN: ClassVar[Outcome]

    def __new__(cls, name: str) -> Outcome:
        return cls._known.setdefault(str(name), super().__new__(cls, name))

    @property
    def value(self) -> str:
        """The name as a plain string."""
        return str.__str__(self)

    @property
    def message(self) -> str:
        """The outcome in one sentence."""
        return self._told.message

    @property
    def detected(self) -> str:
        """The sign that tells it apart from the others."""
        return self._told.detected

    @property
    def recovery(self) -> Rule | None:
        """The recovery from it by default; None stops the run."""
        return self._told.recovery

    @property
    def cannot(self) -> bool:
        """True if it says that what was asked cannot be done as things are."""
        return self._told.cannot

    @property
    def outweighs(self) -> bool:
        """True if it counts for more than what stopped the motion."""
        return self._told.outweighs

    def is_answered_by(self, response: Response) -> bool:
        """True if a response is among those to it by default."""
        return self.recovery is not None and any(step == response for step, _ in self.recovery.steps)

    @property
    def _told(self) -> FailureClass:
        found = _ENDINGS.get(self) or FAILURES.get(self)
        return found or FailureClass(self.value, f"The failure class {self.value!r} is not installed here.", "")

    @classmethod
    def all(cls) -> tuple[Outcome, ...]:
        """The endings of a run, then every failure class that there is."""
        return (*(cls(name) for name in _ENDINGS), *(cls(name) for name in FAILURES.all()))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        name = core_schema.str_schema(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")
        return core_schema.no_info_after_validator_function(cls, name, serialization=core_schema.to_string_ser_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "examples": [outcome.value for outcome in cls.all()]}


@dataclass(frozen=True)
class FailureClass:
    """One class of failures.

    Attributes:
        name: By which data tell it.
        message: In one sentence.
        detected: What tells it apart from the others, in words.
        recovery: What is done about it by default; None stops the run.
        tells: Whether a condition has failed in this way, from it and the scenes before and after; None for a class that is
            told otherwise: during the motion, by a refusal, or by the condition itself.
        cannot: Whether it says that what was asked cannot be done as things are: the right answer where that is so.
        outweighs: Whether it counts for more than what stopped the motion: where the object is now decides what can be done.
        order: The lower, the earlier `tells` is asked; the first that says yes is the class [count].
    """

    name: str
    message: str
    detected: str
    recovery: Rule | None = None
    tells: Callable[[Any, Any, Any], bool] | None = None
    cannot: bool = False
    outweighs: bool = False
    order: int = 25

    @property
    def outcome(self) -> Outcome:
        """The outcome of this name."""
        return Outcome(self.name)


FAILURES: Registry[FailureClass] = Registry(
    "failure",
    ("lmp.schema.plan", "lmp.meaning.failures", "lmp.execution.monitoring.outcome_of"),
    lambda failure: failure.name,
)
"""Every failure class; those of other packages by the entry points `lmp.failures`, or `FAILURES.register`."""

_ENDINGS = {
    ending.name: ending
    for ending in (
        FailureClass(
            "succeeded",
            "The conditions held after the motion.",
            "Every condition holds in the scene after the motion; at the end of the run, all that has to last.",
        ),
        FailureClass(
            "planned",
            "Every subgoal has a checked motion; nothing was moved.",
            "Every subgoal compiled on its real or predicted scene.",
        ),
        FailureClass(
            "rejected",
            "A person did not approve the motion.",
            "A person, asked before the motion, said no.",
        ),
        FailureClass(
            "out_of_budget",
            "The budget of attempts or time was spent.",
            "A count of attempts or replans, or the wall time, has reached its limit between two stages.",
        ),
        FailureClass(
            "nothing_done",
            "Nothing was moved, and nobody but the planner says that nothing was to do.",
            "The planner has no subgoal, nothing has moved, and the instruction cannot be read without a model.",
        ),
        FailureClass(
            "robot_failed",
            "The robot or its world failed; the arm was stopped.",
            "The robot or its world raised an error.",
        ),
        FailureClass(
            "record_failed",
            "The record of the run could not be written; the arm was stopped.",
            "A file of the record could not be written or is not as it was written.",
        ),
        FailureClass(
            "planner_failed",
            "The planner broke, or gave an answer of the wrong kind.",
            "The planner raised an error, or its answer is not of the type that was asked for.",
        ),
        FailureClass(
            "wrong_use",
            "The command or a file that it names is wrong; nothing was moved.",
            "A name, a file or a setting was refused before a run began.",
        ),
        FailureClass(
            "interrupted",
            "A person stopped the run; the arm is at rest.",
            "Ctrl-C or a signal to end; or a run was resumed whose process had ended during a motion.",
        ),
        FailureClass(
            "unfinished",
            "The run has not ended: it is still going on, or it was cut off.",
            "The run folder has no episode: its process runs, or was killed.",
        ),
        FailureClass(
            "not_run",
            "The run ended before this subgoal.",
            "An earlier subgoal ended the run.",
        ),
    )
}
Outcome.SUCCEEDED = Outcome("succeeded")
Outcome.PLANNED = Outcome("planned")
Outcome.REJECTED = Outcome("rejected")
Outcome.OUT_OF_BUDGET = Outcome("out_of_budget")
Outcome.NOTHING_DONE = Outcome("nothing_done")
Outcome.ROBOT_FAILED = Outcome("robot_failed")
Outcome.RECORD_FAILED = Outcome("record_failed")
Outcome.PLANNER_FAILED = Outcome("planner_failed")
Outcome.WRONG_USE = Outcome("wrong_use")
Outcome.INTERRUPTED = Outcome("interrupted")
Outcome.UNFINISHED = Outcome("unfinished")
Outcome.NOT_RUN = Outcome("not_run")
