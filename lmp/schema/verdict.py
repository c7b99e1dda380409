"""The compiler's verdict when a primitive must not move the robot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from lmp.schema.base import Model, Name, Text
from lmp.schema.outcome import Outcome
from lmp.schema.registry import Registry

About = Literal["request", "place", "posture", "obstacle", "limit"]


@dataclass(frozen=True)
class ViolationKind:
    """One kind of violation, declared where it is raised; called with a message, it makes one.

    Attributes:
        code: By which data tell it.
        meaning: In words.
        about: What would have to change: the request, the place, the posture of the arm, what stands around, or the speed and
            the other limits of the motion.
        hint: What usually repairs it, where the one who raises it knows nothing better.
        after_motion: The failure class of a verdict with it, once something has been moved: the world is not as it was
            planned. None leaves it to be no more than a motion that does not exist.
    """

    code: str
    meaning: str
    about: About
    hint: str = ""
    after_motion: Outcome | None = None

    def __call__(self, message: str, **facts: Any) -> Violation:
        return Violation(code=self.code, message=message, **{"hint": self.hint, **facts})


VIOLATIONS: Registry[ViolationKind] = Registry(
    "violation",
    (
        "lmp.primitives.skill",
        "lmp.primitives.visual.lifting",
        "lmp.primitives.handling.grasps",
        "lmp.primitives.handling.requested_grasps",
        "lmp.primitives.places.spots",
        "lmp.primitives.skills.pick",
        "lmp.primitives.skills.place",
        "lmp.primitives.skills.joint_push",
        "lmp.primitives.checks.limit_checks",
        "lmp.primitives.checks.path_checks",
        "lmp.primitives.compiler.compiler",
        "lmp.runtime.flow.checking",
        "lmp.runtime.flow.varying",
    ),
    lambda kind: kind.code,
)
"""Every kind of violation; those of other packages by the entry points `lmp.violations`, or `VIOLATIONS.register`."""


class Violation(Model):
    """One fault, by how much, and when.

    Attributes:
        code: That of its kind, in `VIOLATIONS`.
        message: One sentence with the facts below in words.
        value: What was found, in `unit`.
        limit: What is allowed, in `unit`.
        unit: Unit of value and limit.
        t: Time in the motion [s].
        joint: The joint that it is about.
        link: The robot link that it is about.
        object: The scene object that it is about.
        segment: The segment of the motion.
        hint: What would repair it.
    """

    code: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]
    message: Text
    value: float | None = Field(default=None, description="what was found [in `unit`]")
    limit: float | None = Field(default=None, description="what is allowed [in `unit`]")
    unit: str = ""
    t: float | None = Field(default=None, ge=0.0, description="time in the motion [s]")
    joint: Name | None = None
    link: Name | None = None
    object: Name | None = None
    segment: Name | None = None
    hint: Text = ""


def kinds_of(violations: Iterable[Violation]) -> tuple[ViolationKind, ...]:
    """The kinds of violations, without those that are not installed here."""
    kinds = dict.fromkeys(violation.code for violation in violations)
    return tuple(kind for code in kinds if (kind := VIOLATIONS.get(code)) is not None)


def all_about(violations: Sequence[Violation], *about: About) -> bool:
    """True if every violation is about one of these."""
    kinds = [VIOLATIONS.get(violation.code) for violation in violations]
    return all(kind is not None and kind.about in about for kind in kinds)


class Verdict(Model):
    """A refusal to move: all violations of the best candidate, and how many candidates were tried."""

    kind: Literal["verdict"] = "verdict"
    skill: Name
    violations: tuple[Violation, ...] = Field(min_length=1, max_length=256)
    candidates: int = Field(default=1, ge=0, description="candidates (grasps, places, paths) that were tried [count]")
    predicted: bool = False

    def __str__(self) -> str:
        return "; ".join(violation.message for violation in self.violations)
