"""The failure classes that are told while a motion runs, and which of all a motion has that was stopped for what was seen."""

from __future__ import annotations

from lmp.meaning.failures import DROPPED, MISSED_GRASP, OBJECT_MISSING, OBJECT_MOVED
from lmp.schema.evidence import Evidence, Signal
from lmp.schema.outcome import FAILURES, FailureClass, Outcome, Response, Rule
from lmp.schema.plan import INFEASIBLE

UNEXPECTED_CONTACT = FAILURES.register(
    FailureClass(
        "unexpected_contact",
        "The arm, or what it carries, pressed on something harder than the skill does; it was stopped.",
        "While moving: a contact force is over the segment's limit for longer than a knock, "
        "or at once where it is four times over.",
        recovery=Rule(((Response.GO_AROUND, 2), (Response.OTHER_POSTURE, 1), (Response.DECOMPOSE_AGAIN, 1))),
    )
).outcome
TRACKING_ERROR = FAILURES.register(
    FailureClass(
        "tracking_error",
        "The arm did not follow the trajectory and was stopped.",
        "While moving: a joint is farther from its command than allowed. "
        "Before moving: the arm is not where the trajectory starts.",
        recovery=Rule(((Response.SLOWER, 3),)),
    )
).outcome
TIMED_OUT = FAILURES.register(
    FailureClass(
        "timed_out",
        "The motion did not end in its time; the arm was stopped.",
        "While moving: the last sample is past, and the arm does not arrive.",
        recovery=Rule(((Response.SLOWER, 2),)),
    )
).outcome

OUTCOMES: dict[Signal, Outcome] = {
    "grip_lost": DROPPED,
    "grip_empty": MISSED_GRASP,
    "contact_force": UNEXPECTED_CONTACT,
    "tracking_error": TRACKING_ERROR,
    "displacement": OBJECT_MOVED,
    "overrun": TIMED_OUT,
    "no_chunk": INFEASIBLE,
}


def outcome_of(evidence: Evidence) -> Outcome:
    """The outcome; an object that was not there at all, rather than elsewhere, is missing."""
    if evidence.signal == "displacement" and evidence.unit == "1":
        return OBJECT_MISSING
    return OUTCOMES[evidence.signal]
