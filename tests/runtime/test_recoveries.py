"""The response table: every class of failure has an end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmp.execution.monitoring.outcome_of import UNEXPECTED_CONTACT
from lmp.meaning.failures import DROPPED, MISSED_GRASP
from lmp.runtime.recoveries import response_to
from lmp.schema.outcome import Outcome, Response
from lmp.schema.plan import AMBIGUOUS

ENDS = (Response.STOP, Response.ASK)


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome.all() if outcome is not Outcome.SUCCEEDED])
def test_every_failure_comes_to_an_end_and_stays_there(outcome: Outcome):
    answers = [response_to(outcome, failures) for failures in range(1, 30)]
    first = next(place for place, answer in enumerate(answers) if answer in ENDS)
    assert first < 10
    assert set(answers[first:]) == {answers[first]}
    assert Response.GO_ON not in answers


@given(st.sampled_from(sorted(outcome for outcome in Outcome.all() if outcome.recovery)), st.integers(1, 50))
def test_the_ladder_is_climbed_in_its_order(outcome: Outcome, failures: int):
    """The answers, counted, are the row of the table as far as it has come."""
    rule = outcome.recovery
    assert rule is not None
    answers = [response_to(outcome, number) for number in range(1, failures + 1)]
    written = [response for response, times in rule.steps for _ in range(times)]
    assert answers == (written + [rule.then] * failures)[:failures]


def test_success_always_goes_on():
    assert {response_to(Outcome.SUCCEEDED, failures) for failures in range(1, 5)} == {Response.GO_ON}


def test_what_was_dropped_is_picked_up_and_what_was_missed_is_taken_otherwise():
    assert response_to(DROPPED, 1) is Response.PICK_UP_AGAIN
    assert response_to(MISSED_GRASP, 1) is Response.NEXT_CHOICE
    assert response_to(UNEXPECTED_CONTACT, 1) is Response.GO_AROUND


def test_what_no_rule_covers_stops():
    assert AMBIGUOUS.recovery is None
    assert response_to(AMBIGUOUS, 1) is Response.STOP
