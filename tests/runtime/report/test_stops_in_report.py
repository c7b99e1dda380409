"""Motions that were stopped, runs that were cut off: what the page says of them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded_run import ABOVE, BLOCK, PANDA, motion, record_run

from lmp.meaning.failures import DROPPED, OUT_OF_REACH
from lmp.record import Event, RunFolder
from lmp.runtime.report import write_report
from lmp.runtime.report.plots import joint_plot
from lmp.runtime.report.timeline import Looks, incidents, looks_of_attempts
from lmp.runtime.report.words import evidence_rows
from lmp.schema.episode import Attempt
from lmp.schema.evidence import SIGNALS, Evidence
from lmp.schema.findings import Execution, ObjectState, Verification
from lmp.schema.outcome import Outcome

SEEN = Evidence(
    signal="grip_lost", value=0.0, limit=1.0, unit="1", t=1.4, segment="approach", about="red_block", picture="0004"
)


class Text(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.words, self.pictures = "", []
        self.feed(page)
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.pictures.append(dict(attrs)["alt"])

    def handle_data(self, data):
        self.words += data


def _stopped(attempt: Attempt) -> Attempt:
    execution = Execution(
        outcome=DROPPED, duration=1.4, tracking_error=0.002, gripper_width=0.0, evidence=SEEN, message="said twice"
    )
    states = (ObjectState(object="red_block", place="fallen", reachable=False, position=(0.9, 0.8, -0.7)),)
    found = Verification(outcome=OUT_OF_REACH, results=attempt.verification.results, states=states)
    change = {"execution": execution, "verification": found, "outcome": DROPPED, "message": "said twice"}
    return attempt.model_copy(update={**change, "rule": "dropped: pick it up again"})


def _page(run: RunFolder, attempts: tuple[Attempt, ...]) -> Text:
    run.save_episode(run.episode().model_copy(update={"attempts": attempts}))
    return Text(write_report(run).read_text())


def test_a_stop_is_told_with_its_evidence_its_picture_and_where_things_are(tmp_path: Path) -> None:
    run = record_run(tmp_path / "run")
    first, *others = run.episode().attempts
    page = _page(run, (_stopped(first), *others))
    for words in (
        "Why it was stopped", f"grip lost: {SIGNALS['grip_lost']}", "1.40 s, in 'approach'", "The object left the gripper",
        "Now red_block has fallen off what carried it at (0.90, 0.80, -0.70) m, out of reach", "dropped: pick it up again",
        "stopped; planned, and not followed", "stopped at 1.40 s",
    ):  # fmt: skip
        assert words in page.words, words
    assert "said twice" not in page.words
    assert page.pictures[:4] == [
        "front camera, before", "front camera, after the stop at 1.40 s",
        "side camera, before", "side camera, after the stop at 1.40 s",
    ]  # fmt: skip
    assert page.words.count("stopped at 1.40 s") == 1


def test_a_motion_that_a_kill_cut_off_is_shown_as_far_as_it_was_planned(tmp_path: Path) -> None:
    """Two attempts of the record, of which the second was under way when the process ended: it has no answer."""
    run = record_run(tmp_path / "run")
    subgoal = run.episode().attempts[1].subgoal
    cut = Attempt(subgoal=subgoal, outcome=Outcome.INTERRUPTED, message="cut off", rule="resumed: perceive again")
    run.append("grounded", subgoal=subgoal, answer=None)
    run.append("moving", subgoal=subgoal, trajectory="0001", seconds=3.2)
    run.append("resumed", interrupted=cut)
    page = _page(run, (*run.episode().attempts, cut))
    assert f"the motion that was under way ({subgoal.description}) was not repeated" in page.words
    assert "Cut off and resumed" in page.words
    assert page.words.count("with the planned path of the tool") == 2 * 4, "also the motion that was cut off"


def test_what_happened_from_outside_is_told_in_order() -> None:
    events = [
        Event(0, "", 0.5, "disturbed", {"words": "the cup was moved"}),
        Event(1, "", 2.0, "resumed", {"interrupted": None}),
        Event(2, "", 3.0, "verified", {}),
        Event(3, "", 4.0, "answered", {"said": "go on"}),
    ]
    found = incidents(events)
    assert [(one.seconds, one.words) for one in found] == [
        (0.5, "the cup was moved"),
        (2.0, "no motion was under way."),
        (4.0, "go on"),
    ]


NAMES = st.sampled_from(["perceived", "grounded", "moving", "verifying", "responded", "resumed", "decomposed"])


@given(st.lists(st.tuples(NAMES, st.booleans()), max_size=40))
def test_there_is_one_look_for_each_attempt_whatever_the_order(told: list[tuple[str, bool]]) -> None:
    data = {"scene": "0001", "trajectory": "0002"}
    events = [
        Event(i, "", 0.0, name, data | {"interrupted": {} if under_way else None}) for i, (name, under_way) in enumerate(told)
    ]
    attempts = sum(name == "responded" or (name == "resumed" and under_way) for name, under_way in told)
    assert len(looks_of_attempts(events)) == attempts


def test_a_motion_that_was_cut_off_has_a_look_before_it_and_none_after() -> None:
    names = ["perceived", "grounded", "moving", "resumed", "perceived", "grounded", "moving", "verifying", "responded"]
    scenes, files = {0: "0001", 4: "0002", 7: "0003"}, {2: "0001", 6: "0002"}
    events = [
        Event(i, "", 0.0, name, {"scene": scenes.get(i), "trajectory": files.get(i), "interrupted": {"subgoal": {}}})
        for i, name in enumerate(names)
    ]
    assert looks_of_attempts(events) == [Looks("0001", None, "0001"), Looks("0002", "0003", "0002")]


@settings(max_examples=4)
@given(st.floats(0.05, 3.1))
def test_the_mark_stands_at_the_instant_of_the_stop(t: float) -> None:
    """Where it is between the ends of the axis, which the lines of the limits span."""
    plot = joint_plot(motion(ABOVE, BLOCK, "close"), PANDA, t)
    lines = re.findall(r'<path d="M ([\d.]+) ([\d.]+) \s*L ([\d.]+) ([\d.]+) \s*"[^>]*stroke: #e5484d[^>]*>', plot)
    across = [(float(x0), float(x1)) for x0, y0, x1, y1 in lines if y0 == y1]
    upright = [float(x0) for x0, y0, x1, y1 in lines if x0 == x1]
    left, right = across[0]
    assert len(upright) == 3
    assert [(x - left) / (right - left) for x in upright] == pytest.approx([t / 3.2] * 3, abs=1e-3)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.sampled_from(["N", "m", "rad", "s"]), st.floats(0, 1e4))
def test_evidence_is_told_with_its_units(value: float, limit: float, unit: str, t: float) -> None:
    rows = dict(evidence_rows(Evidence(signal="contact_force", value=value, limit=limit, unit=unit, t=t, about="a", other="b")))
    for name, number in (("measured", value), ("limit", limit)):
        told, said = rows[name].split(" ")
        assert said == unit
        assert float(told) == pytest.approx(number, rel=0.01)
    assert rows["about"] == "a and b"
