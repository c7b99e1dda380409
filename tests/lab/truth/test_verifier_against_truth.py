"""The verifier is no looser than the judge, who shares no code with it; and neither cares where the world lies."""

from __future__ import annotations

import pytest
from arranged import PLACES
from hypothesis import event, given, settings
from hypothesis import strategies as st
from situations import SAID, Situation, situations

from lmp.lab.truth.truth import TRUTHS
from lmp.schema.condition import CONDITIONS

KINDS = sorted(SAID)


def test_every_condition_that_has_a_truth_is_compared() -> None:
    compared = {kind.split()[0] for kind in SAID} | {"not"}
    assert compared == {kind for kind in CONDITIONS.all() if TRUTHS.get(kind) is not None}


def compare(kind: str, situation: Situation, place: str) -> None:
    """Neither the condition nor its opposite is taken by the verifier where the judge says that it is not true."""
    here, start = situation.in_world(place), situation.at_start(place)
    condition, predicate = SAID[kind](situation, place)
    for one, other in ((condition, predicate), ({"kind": "not", "of": condition}, {"kind": "not", "of": predicate})):
        taken, found = here.taken(one), here.true(other, start)
        event(f"{one['kind'] == 'not'}: taken {taken.holds}, true {found.holds}")
        # None is not judged: one that leans a little may look round to the one and not to the other.
        assert found.holds is not False or not taken.holds, f"{one} in {place}: {taken.measured}; {found.why}"


@pytest.mark.parametrize("kind", KINDS)
@given(situation=situations(), place=st.sampled_from(sorted(PLACES)))
@settings(max_examples=25, deadline=None)
def test_what_the_verifier_takes_is_true_and_so_is_the_opposite(kind: str, situation: Situation, place: str) -> None:
    compare(kind, situation, place)


@pytest.mark.parametrize("kind", KINDS)
@given(situation=situations(), place=st.sampled_from(["elsewhere", "half a turn"]))
@settings(max_examples=10, deadline=None)
def test_both_say_the_same_wherever_the_world_lies(kind: str, situation: Situation, place: str) -> None:
    condition, predicate = SAID[kind](situation, "here")
    worlds = [(situation.in_world(one), situation.at_start(one)) for one in ("here", place)]
    taken, again = (here.taken(condition) for here, _ in worlds)
    found, there = (here.true(predicate, start) for here, start in worlds)
    assert again.holds == taken.holds or abs(taken.margin or 0.0) < 1e-6, (taken.measured, again.measured)
    if taken.margin is not None:
        assert again.margin == pytest.approx(taken.margin, abs=2e-4)
    assert there.holds == found.holds, (found.why, there.why)
