"""The ways in which a process is killed: in a stage, in a motion, while it writes, or from outside at some time."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from lmp.schema.base import Model

Nodes = Literal[
    "create",
    "resume",
    "perceive",
    "decompose",
    "preview",
    "ground",
    "compile",
    "approve",
    "asked",
    "verify",
    "respond",
    "go_to_rest",
    "conclude",
]
Files = Literal["log.jsonl", "checkpoints.sqlite", "scenes", "plans", "trajectories", "attempts", "world"]
LINES = ("log.jsonl",)

Visit = Annotated[int, Field(ge=1, description="which time that it comes there [count]")]


class InStage(Model):
    """In a node of the graph, in beginning a record or in resuming one, or while a person is asked.

    Attributes:
        calls: How many functions are called there before it dies; if there are fewer, it dies at the end.
    """

    kind: Literal["stage"] = "stage"
    node: Nodes
    visit: Visit = 1
    calls: Annotated[int, Field(ge=0, description="function calls in the stage [count]")] = 0


class InMotion(Model):
    """In a motion; below 0 just before it begins, above 1 just after its end.

    Attributes:
        rest: Whether it is one to the rest posture; else it is one of a subgoal.
    """

    kind: Literal["motion"] = "motion"
    rest: bool = False
    visit: Visit = 1
    fraction: Annotated[float, Field(ge=-1.0, le=2.0, description="part of the motion [dimensionless]")]


class InWriting(Model):
    """While a file is written.

    Attributes:
        file: Which, or in which folder.
        moment: In the middle of its bytes; when it is on the disk under another name; when it is entered in the log and
            not yet in its place; or when it is in its place. Of a line there is only the first.
    """

    kind: Literal["writing"] = "writing"
    file: Files
    visit: Visit = 1
    moment: Literal["bytes", "written", "entered", "placed"] = "bytes"
    share: Annotated[float, Field(ge=0.0, le=1.0, description="part of its bytes, or of its time [dimensionless]")]


class AtTime(Model):
    """From outside."""

    kind: Literal["time"] = "time"
    seconds: Annotated[float, Field(ge=0.0, description="wall time since the run, or the process, began [s]")]


Death = Annotated[InStage | InMotion | InWriting | AtTime, Field(discriminator="kind")]

STAGES = (
    *("begin", "perceive", "decompose", "preview", "ground", "compile", "approve", "execute", "verify", "respond"),
    *("go_to_rest", "conclude", "writing", "resume", "any time"),
)
"""The rows of the table."""
MOST_CALLS = 4.0
"""Power of ten of the most calls that are drawn [dimensionless]."""


def draw_death(stage: str, rng: np.random.Generator, seconds: float, first: bool = True) -> Death:
    """A death in a stage.

    Args:
        stage: A row of the table.
        rng: Draws all the rest.
        seconds: How long the errand takes if nothing happens [s].
        first: Whether the process begins a run; else it resumes one.
    """
    visit, calls = int(rng.choice([1, 1, 2])), int(10.0 ** rng.uniform(0.0, MOST_CALLS)) - 1
    match stage:
        case "any time":
            return AtTime(seconds=float(rng.uniform(0.0, 1.1 * seconds)))
        case "execute":
            return InMotion(visit=visit, fraction=float(rng.uniform(-0.1, 1.1)))
        case "go_to_rest" if rng.random() < 0.5:
            return InMotion(rest=True, fraction=float(rng.uniform(-0.1, 1.1)))
        case "writing":
            return _in_writing(rng)
        case "approve":
            node: Nodes = "approve" if rng.random() < 0.5 else "asked"
            return InStage(node=node, visit=int(rng.integers(1, 4)), calls=calls % 40)
        case "begin" | "resume":
            return InStage(node="create" if first else "resume", calls=calls)
        case "perceive" | "go_to_rest" | "conclude" | "decompose" | "preview":
            return InStage.model_validate({"node": stage, "calls": calls})
        case _:
            return InStage.model_validate({"node": stage, "visit": visit, "calls": calls})


def _in_writing(rng: np.random.Generator) -> InWriting:
    file = str(
        rng.choice([*(4 * LINES), "checkpoints.sqlite", "scenes", "plans", "trajectories", "attempts", "world", "world"])
    )
    often = {"log.jsonl": 37, "checkpoints.sqlite": 12, "world": 15, "plans": 1}.get(file, 2)
    moment = "bytes" if file in LINES else str(rng.choice(["bytes", "bytes", "written", "entered", "placed"]))
    fields = {"file": file, "visit": int(rng.integers(1, often + 1)), "moment": moment, "share": float(rng.random())}
    return InWriting.model_validate(fields)
