from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded_run import Drop, Grab, margins, violations

from lmp.meaning.conditions import BesideTarget, Between, In, InTarget
from lmp.record import Event
from lmp.runtime.report.stage_shares import group_percent, stage_shares
from lmp.runtime.report.timeline import Looks, looks_of_attempts
from lmp.runtime.report.words import chosen, margin_words, millimetres, share, short, violation_facts
from lmp.schema.episode import Episode
from lmp.schema.outcome import Outcome


@given(st.floats(0, 10))
def test_a_share_below_the_limit_never_reads_as_the_limit(value: float) -> None:
    percent = float(share(value).removesuffix(" %"))
    assert (percent < 100) == (value * 100 < 100)
    assert percent == pytest.approx(100 * value, abs=1.0)


def test_margins_have_units() -> None:
    assert dict(margin_words(margins())) == {
        "nearest joint limit": "0.42 rad", "peak velocity": "63 %", "peak acceleration": "94 %", "peak jerk": "2 %",
        "clearance": "18 mm", "smallest singular value": "0.11", "end error": "0.04 mm", "stretched": "x 1.12",
    }  # fmt: skip
    assert millimetres(8e-16) == "< 0.001 mm"


def test_facts_of_a_violation_are_all_told() -> None:
    assert violation_facts(violations()[0]) == [
        "found -0.012 m", "allowed 0.005 m", "at 1.31 s", "object blue_block", "segment carry",
    ]  # fmt: skip


def test_only_what_was_chosen_is_shown_with_its_unit() -> None:
    assert chosen(Grab(object="mug")) == "object mug"
    assert chosen(Grab(object="mug", grip=12.5, speed=0.2)) == "speed 0.2 m/s, object mug, grip 12.5 N"
    assert chosen(Drop(object="mug", target=InTarget(container="bowl"))) == "object mug, target in bowl"
    beside = short(BesideTarget(reference="bowl").model_dump())
    assert beside == "beside reference bowl, side any, gap 0.03"


def test_conditions_read_as_phrases() -> None:
    assert In(object="cup", container="box").words == "cup in box"
    assert Between(object="cup", first="a", second="b").words == "cup between a and b"


def test_the_scenes_before_and_after_each_attempt() -> None:
    names = "perceived decomposed grounded compiled executed verifying verified responded grounded responded perceived grounded"
    scenes = {0: "0001", 5: "0002", 10: "0003"}
    events = [Event(i, "", 0.0, name, {"scene": scenes[i]} if i in scenes else {}) for i, name in enumerate(names.split())]
    assert looks_of_attempts(events) == [Looks("0001", "0002"), Looks("0002", None)]


TIMES = st.dictionaries(st.sampled_from(["execute", "observe", "compile", "ground", "verify", "dream"]), st.floats(0, 100))


@given(TIMES, st.floats(0, 500))
def test_the_shares_of_the_stages_are_the_whole_run(timings: dict[str, float], seconds: float) -> None:
    episode = Episode(
        outcome=Outcome.SUCCEEDED, verified=True, instruction="", world="", seed=0, robot="r", planner="p", seconds=seconds,
        timings=timings,
    )  # fmt: skip
    shares = stage_shares(episode)
    if not shares:
        assert not any(timings.values())
        return
    assert math.isclose(sum(item.percent for item in shares), 100.0, abs_tol=1e-6)
    assert sum(group_percent(shares, group) for group in ("world", "thinking", "rest")) == pytest.approx(100.0)
    assert math.isclose(sum(item.seconds for item in shares), max(seconds, sum(timings.values())), rel_tol=1e-9)
