"""What is done about each class of failure: one visible table."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from lmp.schema.outcome import Outcome


class Response(enum.StrEnum):
    """What the loop does after an attempt."""

    GO_ON = "go on with the next subgoal"
    GROUND_AGAIN = "perceive again and ground the same subgoal again"
    REST_AND_GROUND = "go to the rest posture, perceive again and ground the same subgoal again"
    DECOMPOSE_AGAIN = "perceive again and decompose what is left of the instruction"
    STOP = "stop and say why"


@dataclass(frozen=True)
class Rule:
    """One row: for the first `tries` failures of this class at a subgoal, the response; then the escalation."""

    response: Response
    tries: int
    then: Response


RULES: dict[Outcome, Rule] = {
    Outcome.SUCCEEDED: Rule(Response.GO_ON, 0, Response.GO_ON),
    Outcome.MISSED_GRASP: Rule(Response.GROUND_AGAIN, 3, Response.STOP),
    Outcome.OBJECT_MOVED: Rule(Response.GROUND_AGAIN, 3, Response.STOP),
    Outcome.DROPPED: Rule(Response.DECOMPOSE_AGAIN, 3, Response.STOP),
    Outcome.CONDITION_NOT_MET: Rule(Response.DECOMPOSE_AGAIN, 3, Response.STOP),
    Outcome.OBJECT_MISSING: Rule(Response.DECOMPOSE_AGAIN, 1, Response.STOP),
    Outcome.INFEASIBLE: Rule(Response.REST_AND_GROUND, 1, Response.DECOMPOSE_AGAIN),
    Outcome.TRACKING_ERROR: Rule(Response.REST_AND_GROUND, 1, Response.STOP),
}
"""Failure class to response. A class that is not listed stops the run."""


def response_to(outcome: Outcome, failures: int) -> Response:
    """What to do about an outcome.

    Args:
        outcome: How the attempt ended.
        failures: How often the subgoal has failed in this class, this time included [count].
    """
    rule = RULES.get(outcome)
    if rule is None:
        return Response.STOP
    if outcome is Outcome.SUCCEEDED or failures <= rule.tries:
        return rule.response
    return rule.then
