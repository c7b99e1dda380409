"""One episode of an evaluation as a line of JSON."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lmp.model_settings import ModelSettings
from lmp.schema.base import Model, Text
from lmp.schema.outcome import Outcome
from lmp.schema.plan import ABSENT, AMBIGUOUS, IMPOSSIBLE, INFEASIBLE, NOT_UNDERSTOOD

REFUSALS = (NOT_UNDERSTOOD, ABSENT, AMBIGUOUS, IMPOSSIBLE, INFEASIBLE)

LIMIT_TOLERANCE = 1e-3
"""Share by which a limit may be exceeded before it counts: round-off of sampled trajectories [dimensionless]."""


class Settings(Model):
    """The settings that all episodes of an evaluation share.

    Attributes:
        model: How a planner that asks a model asks it.
    """

    world: Text = "tabletop"
    robot: Text | None = None
    planner: Text = "scripted"
    disturb: Text | None = None
    sabotage: Text | None = None
    model: ModelSettings | None = None


class Result(Model):
    """The end of one episode.

    Attributes:
        key: Tells the episode apart from all others, so that an evaluation can be resumed.
        label: The instruction or the task that it belongs to.
        skipped: Why there was nothing to do for this seed; None for an episode.
        fault: What broke, where a part raised; None otherwise.
        truth: Whether what was asked is true; None where the source does not say.
        why: What decided the truth.
        disturbed: What the disturbance did; empty if it never struck.
        spoilt: What the sabotage did.
        reachable: False if something that the task needs is gone, or where the arm cannot go.
        right_refusal: Not reachable, and the run ended saying that it cannot be done.
        rules: The responses that fired, in order.
        run: The run folder, if it was kept.
    """

    key: Text
    label: Text
    instruction: Text = ""
    seed: Annotated[int, Field(ge=0, le=2**32 - 1, description="seed of the world [count]")]
    settings: Settings
    skipped: Text | None = None
    fault: Text | None = None
    outcome: Outcome | None = None
    verified: bool = False
    truth: bool | None = None
    why: Text = ""
    error: Text | None = None
    replans: Annotated[int, Field(ge=0, description="times that the plan was repaired or made again [count]")] = 0
    seconds: Annotated[float, Field(ge=0.0, description="wall time [s]")] = 0.0
    timings: dict[str, float] = Field(default_factory=dict, description="wall time by stage [s]")
    disturbed: Text = ""
    spoilt: Text = ""
    reachable: bool = True
    right_refusal: bool = False
    velocity: Annotated[float, Field(ge=0.0)] = Field(
        default=0.0, description="largest share of a velocity limit that was commanded [dimensionless]"
    )
    acceleration: Annotated[float, Field(ge=0.0)] = Field(
        default=0.0, description="largest share of an acceleration limit that was commanded [dimensionless]"
    )
    rules: tuple[Text, ...] = Field(default=(), max_length=1000)
    run: Text | None = None

    @property
    def ran(self) -> bool:
        return self.skipped is None and self.fault is None

    @property
    def over_limit(self) -> bool:
        """True if a command went over a limit of the robot."""
        return max(self.velocity, self.acceleration) > 1.0 + LIMIT_TOLERANCE

    @property
    def refused(self) -> bool:
        return self.outcome in REFUSALS

    @property
    def success(self) -> bool:
        """True if what was asked is true; where nobody can tell, it is not judged, and no success."""
        return self.truth is True

    @property
    def false_success(self) -> bool:
        """Verified, and not true."""
        return self.verified and self.truth is False

    @property
    def missed_success(self) -> bool:
        """True, and not verified."""
        return not self.verified and self.truth is True
