"""Which response is next for an outcome: that of its class's rule."""

from __future__ import annotations

from lmp.schema.outcome import Outcome
from lmp.schema.recovery import Response


def response_to(outcome: Outcome, failures: int) -> Response:
    """What to do about an outcome.

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
