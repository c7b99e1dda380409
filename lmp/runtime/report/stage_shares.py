"""The shares of the stages in the wall time of a run."""

from __future__ import annotations

from dataclasses import dataclass

from lmp.schema.episode import Episode

THINKING = ("decompose", "preview", "ground", "compile")
"""Stages that plan and compile."""
WORLD = ("execute", "observe")
"""Stages in which the world is simulated and rendered, or the robot moves."""
WORDS = {
    "decompose": "decompose",
    "preview": "check the plan ahead",
    "ground": "ground",
    "compile": "compile",
    "execute": "move and simulate",
    "observe": "look and render",
    "perceive": "perceive",
    "verify": "verify",
    "other": "record and the rest",
}


@dataclass(frozen=True)
class StageShare:
    """One stage's part of the wall time.

    Attributes:
        group: "thinking", "world" or "rest".
        seconds: Wall time [s].
        percent: Of the whole run [%].
    """

    name: str
    group: str
    seconds: float
    percent: float


def stage_shares(episode: Episode) -> list[StageShare]:
    """The stages that took time, those of a group together; what no stage accounts for comes last."""
    timings = {name: seconds for name, seconds in episode.timings.items() if seconds > 0}
    total = max(episode.seconds, sum(timings.values()))
    if total <= 0 or not timings:
        return []
    timings["other"] = total - sum(timings.values())
    order = [*WORLD, *THINKING]
    ranked = sorted(timings, key=lambda name: (order.index(name) if name in order else len(order), name == "other", name))
    return [
        StageShare(WORDS.get(name, name), group_of(name), timings[name], 100 * timings[name] / total)
        for name in ranked
        if timings[name] > 0
    ]


def group_of(stage: str) -> str:
    """The group of a stage."""
    return "thinking" if stage in THINKING else "world" if stage in WORLD else "rest"


def group_percent(shares: list[StageShare], group: str) -> float:
    """The share of a group of stages in the wall time [%]."""
    return sum(share.percent for share in shares if share.group == group)
