"""Where the run goes after a step, by what the step left in the state."""

from __future__ import annotations

from lmp.runtime.flow.run_state import RunState
from lmp.schema.recovery import Response


def after_perceive(state: RunState) -> str:
    """A fresh look is for the plan, unless a subgoal is only to be grounded again."""
    return "decompose" if state.get("response", Response.DECOMPOSE_AGAIN) == Response.DECOMPOSE_AGAIN else "ground"


def after_preview(state: RunState, subgoals: int, stop: str) -> str:
    """Begin, stop because it cannot be done, or conclude because nothing is left to do."""
    if state.get("outcome"):
        return stop
    return "ground" if subgoals else "conclude"


def after_respond(state: RunState, subgoals: int, end: str) -> str:
    """Where the response table sends the run."""
    response = Response(state["response"])
    if state.get("outcome"):
        return "ask" if response is Response.ASK else end
    match response:
        case Response.GO_ON:
            return "ground" if state["index"] < subgoals else "conclude"
        case Response.REST_AND_GROUND:
            return "go_to_rest"
        case _:
            return "perceive"
