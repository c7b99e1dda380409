"""Gates: whether a motion that has passed all checks may begin."""

from __future__ import annotations

import math

from lmp import registry
from lmp.capabilities import need_part
from lmp.choosing import CheckedMotion, Gate
from lmp.errors import SetupFault
from lmp.runtime.report.words import chosen
from lmp.schema.proposal import Abstain, AskFirst, Go

APPROVAL = "approval"
"""Name of the gate that asks a person before each motion."""
LEAST = {"joint_limit": "rad or m", "clearance": "m", "smallest_singular_value": "1"}
"""Margins of which more is better, with their units."""
MOST = {"velocity": "1", "acceleration": "1", "jerk": "1", "end_error": "m", "stretch": "1"}
"""Margins of which less is better, with their units."""


def named(gate: str | Gate) -> tuple[str, Gate]:
    """A gate with the name that it is told by."""
    if isinstance(gate, str):
        return gate, registry.configured("gate", gate)
    need_part("gate", gate)
    return type(gate).__name__, gate


def with_approval(gates: tuple[tuple[str, Gate], ...], wanted: bool) -> tuple[tuple[str, Gate], ...]:
    """The gates of a run; where it is wanted, the gate `approval` is the last, unless it is among them."""
    if not wanted or any(name == APPROVAL for name, _ in gates):
        return gates
    return (*gates, (APPROVAL, ApprovalGate()))


class ApprovalGate:
    """Has a person asked before each motion."""

    def judge(self, motion: CheckedMotion) -> AskFirst:
        """ASK, with what would be done."""
        words = f"{motion.subgoal.description}: {motion.subgoal.skill} {chosen(motion.primitive)}"
        return AskFirst(words=f"{words[:1900]}, {motion.trajectory.duration:.1f} s")


class MarginGate:
    """Abstains where a margin of the trajectory is beyond a limit; each is given in the margin's own unit, and one at least.

    Args:
        joint_limit: Smallest allowed distance to a joint limit [rad or m].
        clearance: Smallest allowed distance to what must not be touched [m].
        smallest_singular_value: Smallest allowed singular value of the tool's Jacobian [dimensionless].
        velocity: Largest allowed share of a velocity limit [dimensionless].
        acceleration: Largest allowed share of an acceleration limit [dimensionless].
        jerk: Largest allowed share of a jerk limit [dimensionless].
        end_error: Largest allowed position error at a segment's end [m].
        stretch: Largest allowed factor on the requested durations [dimensionless].
    """

    def __init__(
        self,
        joint_limit: float | None = None,
        clearance: float | None = None,
        smallest_singular_value: float | None = None,
        velocity: float | None = None,
        acceleration: float | None = None,
        jerk: float | None = None,
        end_error: float | None = None,
        stretch: float | None = None,
    ):
        least = {"joint_limit": joint_limit, "clearance": clearance, "smallest_singular_value": smallest_singular_value}
        most = {"velocity": velocity, "acceleration": acceleration, "jerk": jerk, "end_error": end_error, "stretch": stretch}
        self.limits = {name: value for name, value in (least | most).items() if value is not None}
        if not self.limits:
            raise SetupFault(f"The gate 'margin' needs a limit at least: {', '.join([*least, *most])}, such as clearance=0.01.")
        wrong = [f"{name}={value}" for name, value in self.limits.items() if not (math.isfinite(value) and value > 0.0)]
        if wrong:
            raise SetupFault(f"The limits of the gate 'margin' are above 0 and finite, got {', '.join(wrong)}.")

    def judge(self, motion: CheckedMotion) -> Go | Abstain:
        """GO, or ABSTAIN with the first margin that is beyond its limit, and all of them in words."""
        margins, beyond = motion.trajectory.margins, list[tuple[str, float, float, str]]()
        for name, limit in self.limits.items():
            value = getattr(margins, name)
            if value is None:  # nothing is near enough to count
                continue
            unit = margins.joint_limit_unit if name == "joint_limit" else (LEAST | MOST)[name]
            if (value < limit) if name in LEAST else (value > limit):
                beyond.append((name, float(value), limit, unit))
        if not beyond:
            return Go()
        words = "; ".join(_words(*one) for one in beyond)
        _, value, limit, unit = beyond[0]
        return Abstain(score=value, limit=limit, unit=unit, why=words)


def _words(name: str, value: float, limit: float, unit: str) -> str:
    side = "least" if name in LEAST else "most"
    told = "" if unit == "1" else f" {unit}"
    return f"{name.replace('_', ' ')} is {value:.3g}{told}, {limit:.3g}{told} at {side} is asked for"
