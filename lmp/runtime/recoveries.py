"""Recovery policies: the response to a failure of each class, and where the run goes after a step."""

from __future__ import annotations

from lmp.runtime.flow.run_state import Pending, RunState
from lmp.schema.outcome import Outcome, Response


def response_to(outcome: Outcome, failures: int) -> Response:
    """Choose the response to an outcome.

    Args:
        outcome: How the attempt ended.
        failures: How often the subgoal has failed in this class, this time included [count].
    """
    if outcome is Outcome.SUCCEEDED:
        return Response.GO_ON
    rule = outcome.recovery
    if rule is None:
        return Response.STOP
    for response, times in rule.steps:
        if failures <= times:
            return response
        failures -= times
    return rule.then


def after_perceive(state: RunState) -> str:
    """A fresh look is for the plan, unless a subgoal is only to be grounded again."""
    return "decompose" if state.get("response", Response.DECOMPOSE_AGAIN) == Response.DECOMPOSE_AGAIN else "ground"


def after_preview(state: RunState, subgoals: int, stop: str) -> str:
    """Begin, stop because it cannot be done, or conclude because nothing is left to do."""
    if state.get("outcome"):
        return stop
    return "ground" if subgoals else "conclude"


def after_gate(pending: Pending) -> str:
    """GO executes, ABSTAIN is answered like a failure, ASK waits for a person."""
    if pending.trajectory is None:
        return "respond"
    return "approve" if pending.asks else "execute"


def after_respond(state: RunState, subgoals: int, end: str) -> str:
    """Tell where the response table sends the run."""
    response = Response(state["response"])
    if state.get("outcome"):
        return "ask" if response is Response.ASK else end
    match response:
        case Response.GO_ON:
            return "ground" if state["index"] < subgoals else "conclude"
        case Response.OTHER_POSTURE:
            return "go_to_rest"
        case _:
            return "perceive"
