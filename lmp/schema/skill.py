"""The base of all skill parameters, and what the registry tells planners about a skill."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, SerializeAsAny, model_validator

from lmp.schema.base import Model, Name, Text
from lmp.schema.motion import PathShape, Timing
from lmp.schema.recorded import Recorded

LONGEST_DURATION = 30.0
"""Longest duration that can be requested [s]."""


class SkillParameters(Model):
    """The typed primitive that a planner emits; each skill file derives its own, with a literal `kind`.

    Attributes:
        kind: Name of the skill.
        duration: Requested duration of each free motion; None leaves it to the compiler. Stretched by the least factor
            where the joint limits ask for it.
        timing: How each free motion is spread over time; `fastest` goes without a requested duration.
        speed: Largest tool speed.
        path: Shape of the carrying or approaching motion; None means straight.
        force_limit: Largest contact force beside the grip, in place of what the skill allows in each of its segments.
    """

    kind: str
    duration: Annotated[float, Field(ge=0.2, le=LONGEST_DURATION)] | None = Field(
        default=None, description="requested duration of each free motion [s]"
    )
    timing: Timing = Field(
        default="keep",
        description="of each free motion; keep: minimum-jerk profile, stretched where the limits ask for it; fastest: as fast "
        "as the joint limits and `speed` allow, leave `duration` out then",
    )
    speed: float = Field(default=0.5, ge=0.02, le=1.5, description="largest speed of the tool [m/s]")
    path: PathShape | None = Field(
        default=None,
        description="shape of the free motion, which ends above the goal; straight down from there; null means straight",
    )
    force_limit: Annotated[float, Field(ge=1.0, le=500.0)] | None = Field(
        default=None, description="contact force beside the grip at which the motion is stopped, null for the skill's usual [N]"
    )

    @model_validator(mode="after")
    def _one_request_for_the_time(self) -> Self:
        if self.timing == "fastest" and self.duration is not None:
            raise ValueError(
                f"`timing` 'fastest' and a `duration` of {self.duration:g} s are two requests for the time: choose one"
            )
        return self

    def slowed(self, most: float) -> Self:
        """The same with the tool at most so fast [m/s]; a requested duration grows with it."""
        if most >= self.speed:
            return self
        longer = None if self.duration is None else min(self.duration * self.speed / most, LONGEST_DURATION)
        return self.model_copy(update={"speed": most, "duration": longer, "timing": "keep"})

    def next_choice(self, rank: int) -> Self:
        """The same with another of the skill's ranked choices, such as grasps: so many ranks on; itself where it has none."""
        return self

    def firmer(self, usual: float, largest: float) -> Self:
        """The same with a firmer grip, within what the skill and the gripper allow; itself where it closes no gripper.

        Args:
            usual: The gripper's usual force [N].
            largest: Its largest [N].
        """
        return self

    def requests(self) -> tuple[Any, ...]:
        """Conditions that hold afterwards if what was asked for was met; tested beside those of the subgoal."""
        return ()


class RecordedParameters(Recorded, SkillParameters):
    """Parameters as a record holds them: of any skill, also of one that is not installed here.

    They can be shown and written again, word for word, but not compiled: only their own class knows what they mean.
    """


AnyParameters = Annotated[
    SerializeAsAny[SkillParameters],
    BeforeValidator(lambda value: RecordedParameters.model_validate(value) if isinstance(value, dict) else value),
]
"""The parameters of any skill: an object of its class while a run lasts, `RecordedParameters` when read from JSON."""


Needs = Literal["nothing", "empty_gripper", "object_held"]
"""The state of the gripper in which a skill can begin: any, empty, or with the skill's object in it."""


@dataclass(frozen=True)
class Verb:
    """A verb by which sentences ask for a skill, and what is said after it.

    Attributes:
        word: The verb in its base form, or a fixed phrase: "hover", "point at".
        pattern: Prepositions in lower case, "|" between those of which any will do, and each object in upper case, by the name
            of its parameter: "OBJECT", "over|above OBJECT", "OBJECT with TOOL"; empty where nothing follows.
        particles: Words that may stand beside it and change nothing: "up".
        distance: The parameter that a distance fills, as in "hover 5 cm above the mug"; "" where none can be said.
        forms: Irregular inflections: "shone".
    """

    word: str
    pattern: str = "OBJECT"
    particles: tuple[str, ...] = ()
    distance: str = ""
    forms: tuple[str, ...] = ()


class SkillSpec(Model):
    """The knowledge that a planner needs of a skill.

    Attributes:
        name: The skill's name, which is also the `kind` of its parameters.
        line: One line: what it does and when to use it.
        parameters: The class of its parameters.
        example: A valid example.
        force_limit: Contact force beside the grip at which its motion is stopped; None does not watch it.
        force_limits: The same for segments in which it presses on something on purpose, by their name.
        needs_gripper: Whether a robot without a gripper cannot do it.
        verbs: The verbs by which sentences ask for it, where the grammar has none for it.
        needs: The state of the gripper in which it can begin; what has to be taken or put down before is planned.
        achieves: Kinds of conditions that hold of its objects afterwards, by which its success is tested.
        places: Whether it brings its object to where a condition wants it: on, in, beside something, by a displacement.
        rests: Whether it brings the arm to its rest posture.
        ground: The parameters for a subgoal on a scene that has been seen, with the history of the run, or a Refusal:
            `ground(subgoal, scene, history)`. None fills in the object and what was asked for.
    """

    name: Name
    line: Text
    parameters: type[SkillParameters]
    example: SerializeAsAny[SkillParameters]
    force_limit: Annotated[float, Field(gt=0.0, le=1000.0)] | None = Field(
        default=None, description="contact force beside the grip at which the motion is stopped [N]"
    )
    force_limits: dict[Name, Annotated[float, Field(gt=0.0, le=1000.0)]] = Field(
        default_factory=dict, max_length=32, description="the same, by segment [N]"
    )

    needs_gripper: bool = False
    verbs: tuple[Verb, ...] = ()
    needs: Needs = "nothing"
    achieves: tuple[Name, ...] = ()
    places: bool = False
    rests: bool = False
    ground: Callable[..., Any] | None = None

    def limit_in(self, segment: str, requested: float | None = None) -> float | None:
        """Largest contact force beside the grip in a segment [N]: the requested one, else the skill's own."""
        return requested if requested is not None else self.force_limits.get(segment, self.force_limit)
