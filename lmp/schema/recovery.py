"""The responses to a failure, and rules that say in which order."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Response(enum.StrEnum):
    """A response of the loop to an attempt."""

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
