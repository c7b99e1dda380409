"""One turn of a soak, drawn by chance: what is done, where, what goes wrong, and whether its process is killed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from pydantic import Field

from lmp.lab.disturbances.kinds import DISTURBANCES
from lmp.lab.drills.errand import Errand
from lmp.lab.evaluate.source import InstructionSource, read_sources
from lmp.schema.base import Model

WORLDS = ("pybullet:tabletop", "kinematic:tabletop")
REFUSED = (
    "put the purple elephant in the bowl",
    "fly to the moon",
    "put the red block",
    "put the bowl in the red block",
    "please do something nice",
)
"""Sentences for which nothing may be moved."""

SEEDS = 10_000
"""Seeds of worlds that are drawn from [count]."""
REFUSED_SHARE, DISTURBED_SHARE, KILLED_SHARE, PICTURES_SHARE, REPORT_SHARE = 0.08, 0.5, 0.2, 0.1, 0.1
LATEST_KILL = 8.0
"""A process is killed at most so long after its run has begun; one that has ended by then is not killed [s]."""


class Turn(Model):
    """The events of one turn.

    Attributes:
        refused: Whether the sentence has to be refused.
        kill_after: When the process is killed; None for an errand in this very process.
    """

    errand: Errand
    refused: bool = False
    pictures: bool = False
    report: bool = False
    kill_after: Annotated[float, Field(ge=0.0, description="wall time from the run's beginning to the kill [s]")] | None = None


WARMING = 4
"""Turns at the beginning that record pictures and write the report, so that all parts are loaded early [count]."""


def draw_turn(rng: np.random.Generator, index: int, worlds: Sequence[str] = WORLDS) -> Turn:
    """The turn of that number."""
    world, seed = str(rng.choice(list(worlds))), int(rng.integers(SEEDS))
    refused = bool(rng.random() < REFUSED_SHARE)
    listed, warming = read_sources("tasks"), index < WARMING
    chosen = listed[int(rng.integers(len(listed)))]
    source = InstructionSource(instruction=str(rng.choice(REFUSED))) if refused else chosen
    kinds = [name for name, kind in DISTURBANCES.items() if not world.startswith("kinematic:") or not kind.forces]
    disturb = str(rng.choice(kinds)) if rng.random() < DISTURBED_SHARE else None
    killed = float(rng.uniform(0.0, LATEST_KILL)) if rng.random() < KILLED_SHARE else None
    return Turn(
        errand=Errand(world=world, source=source, seed=seed, disturb=disturb),
        refused=refused,
        pictures=bool(rng.random() < PICTURES_SHARE) or warming,
        report=bool(rng.random() < REPORT_SHARE) or warming,
        kill_after=None if warming else killed,
    )
