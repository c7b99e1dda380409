"""One action with its parts, still in words."""

from __future__ import annotations

from dataclasses import dataclass, field

from lmp.planners.scripted.syntax import NounPhrase, Relation


@dataclass
class Frame:
    """One action with its parts, still in words.

    Attributes:
        action: pick, put, move, push, stack, build, swap, row, clear, tidy, remove, release, leave, home.
        verb: The verb as it was meant, such as "drop".
        themes: What is acted on.
        relations: Prepositional phrases in order; which is the goal is not yet decided.
        steps: Distances [m] with directions; 0 where no distance, "" where no direction was said.
        ends: "with the red one on top".
    """

    action: str
    verb: str
    text: str
    themes: list[NounPhrase] = field(default_factory=list)
    joints: list[str] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    steps: list[tuple[float, str]] = field(default_factory=list)
    particles: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    ends: list[tuple[NounPhrase, str]] = field(default_factory=list)
    companions: list[NounPhrase] = field(default_factory=list)
    mutual: str = ""
    speed: str = ""
    also: bool = False
    negated: str = ""
