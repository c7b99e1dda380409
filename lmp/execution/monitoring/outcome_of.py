"""Which outcome a motion has that was stopped for what was seen."""

from __future__ import annotations

from lmp.schema.evidence import Evidence, Signal
from lmp.schema.outcome import Outcome

OUTCOMES: dict[Signal, Outcome] = {
    "grip_lost": Outcome.DROPPED,
    "grip_empty": Outcome.MISSED_GRASP,
    "contact_force": Outcome.UNEXPECTED_CONTACT,
    "tracking_error": Outcome.TRACKING_ERROR,
    "displacement": Outcome.OBJECT_MOVED,
    "overrun": Outcome.TIMED_OUT,
}


def outcome_of(evidence: Evidence) -> Outcome:
    """The outcome; a thing that was not there at all, rather than elsewhere, is missing."""
    if evidence.signal == "displacement" and evidence.unit == "1":
        return Outcome.OBJECT_MISSING
    return OUTCOMES[evidence.signal]
