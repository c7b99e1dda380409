"""What is done about each class of failure: one visible table."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from lmp.schema.outcome import Outcome


class Response(enum.StrEnum):
    """What the loop does after an attempt."""

    GO_ON = "go on with the next subgoal"
    NEXT_GRASP = "perceive again and take it with the next grasp"
    GROUND_AGAIN = "perceive again and ground the same subgoal again"
    GO_AROUND = "perceive again and compile a path around what is there now"
    PICK_UP_AGAIN = "perceive again, pick up what was dropped, and go on with the interrupted subgoal"
    REST_AND_GROUND = "go to the rest posture, perceive again and ground the same subgoal again"
    DECOMPOSE_AGAIN = "perceive again and decompose what is left of the instruction"
    ASK = "ask a person; where nobody is there to be asked, stop and say why"
    STOP = "stop and say why"


@dataclass(frozen=True)
class Rule:
    """One row: each response with how many failures of this class at a subgoal it answers; then the last one, which ends it."""

    steps: tuple[tuple[Response, int], ...]
    then: Response = Response.ASK


RULES: dict[Outcome, Rule] = {
    Outcome.SUCCEEDED: Rule((), Response.GO_ON),
    Outcome.MISSED_GRASP: Rule(((Response.NEXT_GRASP, 3), (Response.DECOMPOSE_AGAIN, 1))),
    Outcome.OBJECT_MOVED: Rule(((Response.GROUND_AGAIN, 3), (Response.DECOMPOSE_AGAIN, 1))),
    Outcome.DROPPED: Rule(((Response.PICK_UP_AGAIN, 3),)),
    Outcome.UNEXPECTED_CONTACT: Rule(
        ((Response.GO_AROUND, 2), (Response.REST_AND_GROUND, 1), (Response.DECOMPOSE_AGAIN, 1)),
    ),
    Outcome.TRACKING_ERROR: Rule(((Response.REST_AND_GROUND, 2),)),
    Outcome.TIMED_OUT: Rule(((Response.REST_AND_GROUND, 1),)),
    Outcome.TOPPLED: Rule(((Response.DECOMPOSE_AGAIN, 2),)),
    Outcome.GOAL_BLOCKED: Rule(((Response.DECOMPOSE_AGAIN, 2),)),
    Outcome.OUT_OF_REACH: Rule(((Response.DECOMPOSE_AGAIN, 1),)),
    Outcome.OBJECT_MISSING: Rule(((Response.DECOMPOSE_AGAIN, 1),)),
    Outcome.CONDITION_NOT_MET: Rule(((Response.DECOMPOSE_AGAIN, 3),)),
    Outcome.ABSENT: Rule(((Response.DECOMPOSE_AGAIN, 1),)),
    Outcome.IMPOSSIBLE: Rule(((Response.DECOMPOSE_AGAIN, 1),)),
    Outcome.INFEASIBLE: Rule(((Response.REST_AND_GROUND, 1), (Response.DECOMPOSE_AGAIN, 2))),
}
"""Failure class to responses. A class that is not listed stops the run."""


def response_to(outcome: Outcome, failures: int) -> Response:
    """What to do about an outcome.

    Args:
        outcome: How the attempt ended.
        failures: How often the subgoal has failed in this class, this time included [count].
    """
    rule = RULES.get(outcome)
    if rule is None:
        return Response.STOP
    for response, times in rule.steps:
        if failures <= times:
            return response
        failures -= times
    return rule.then
