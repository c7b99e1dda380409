"""The response table: every class of failure has an end."""

from __future__ import annotations

import pytest

from lmp.responses import RULES, Response, response_to
from lmp.schema.outcome import Outcome


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.SUCCEEDED])
def test_no_failure_is_answered_in_the_same_way_for_ever_unless_the_plan_is_made_again(outcome: Outcome):
    answers = [response_to(outcome, failures) for failures in range(1, 30)]
    assert answers[-1] in (Response.STOP, Response.DECOMPOSE_AGAIN)
    assert Response.GO_ON not in answers


def test_success_always_goes_on():
    assert {response_to(Outcome.SUCCEEDED, failures) for failures in range(5)} == {Response.GO_ON}


def test_a_missed_grasp_is_tried_again_then_given_up():
    assert [response_to(Outcome.MISSED_GRASP, failures) for failures in (1, 2, 3, 4)] == [Response.GROUND_AGAIN] * 3 + [
        Response.STOP
    ]


def test_what_no_rule_covers_stops():
    assert Outcome.ABSENT not in RULES
    assert response_to(Outcome.ABSENT, 1) is Response.STOP
