from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded_run import PANDA, record_run, violations

from lmp.errors import SetupFault
from lmp.record import RunFolder
from lmp.runtime.report import write_report
from lmp.runtime.report.plots import joint_rows
from lmp.schema.episode import Compiled, Episode
from lmp.schema.outcome import Outcome
from lmp.schema.plan import INFEASIBLE

HOSTILE = "<script>alert(1)</script>'\"><img src=x onerror=y>{{7*7}}$x_"


class Page(HTMLParser):
    """What a browser would find: tags with their attributes, and the text."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return record_run(tmp_path_factory.mktemp("run") / "run")


@pytest.fixture(scope="module")
def page(run: RunFolder) -> Page:
    return Page(write_report(run).read_text())


def test_the_page_needs_nothing_but_itself(page: Page) -> None:
    sources = [
        value
        for _, attributes in page.tags
        for name, value in attributes.items()
        if name in ("src", "href", "srcset", "data", "action")
    ]
    assert sources
    assert {value for value in sources if value is None or not value.startswith(("data:image/jpeg;base64,", "#"))} == set()
    assert {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object", "embed", "base", "form"} == set()
    assert "http" not in re.sub(r"http-equiv", "", " ".join(str(attributes) for _, attributes in page.tags))
    assert "url(" not in page.text.replace("url(#", "")
    assert "@import" not in page.text


def test_the_page_is_light_and_quick(run: RunFolder) -> None:
    begin = time.process_time()
    path = write_report(run)
    assert time.process_time() - begin < 4.0
    assert path.stat().st_size < 4_000_000


def test_everything_that_happened_is_told(page: Page) -> None:
    text = " ".join(page.text.split())
    for words in (
        "put the red block in the bowl", "Succeeded", "Pick up the red_block", '"the red block" is red_block', "missed grasp",
        "The fingers closed to 0 mm", "missed_grasp: perceive again", "30 N", "45 N",
        "The carried red_block meets the blue_block",
        "found -0.012 m", "allowed 0.005 m", "at 1.31 s", "carry higher", "path.bulges.0.amount", "0.1 m", "63 %", "94 %",
        "stretched by 1.12", "with the planned path of the tool", "387", "planning and compiling 12 %",
        "Franka Control Interface", "numpy",
    ):  # fmt: skip
        assert words in text, words


def test_each_executed_attempt_has_its_pictures_and_its_plot(page: Page) -> None:
    pictures = [attributes["alt"] for tag, attributes in page.tags if tag == "img"]
    assert pictures == ["front camera, before", "front camera, after", "side camera, before", "side camera, after"] * 3
    assert sum(tag == "svg" for tag, _ in page.tags) == 3


def test_names_and_instructions_are_data(tmp_path: Path) -> None:
    page = Page(write_report(record_run(tmp_path / "run", HOSTILE[:64], HOSTILE)).read_text())
    assert {tag for tag, _ in page.tags} & {"script", "x"} == set()
    assert all(not name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert HOSTILE in page.text
    assert "default-src 'none'" in str([attributes for tag, attributes in page.tags if tag == "meta"])


@settings(max_examples=25)
@given(words=st.text(max_size=200), outcome=st.sampled_from(Outcome.all()), seconds=st.floats(0, 1e6))
def test_any_episode_has_a_page(tmp_path_factory: pytest.TempPathFactory, words: str, outcome: Outcome, seconds: float) -> None:
    run = RunFolder.create(tmp_path_factory.mktemp("any"), words)
    episode = Episode(
        outcome=outcome, verified=False, error=words, hint=words, instruction=words, world=words,
        seed=0, robot="r", planner=words,
        seconds=seconds, timings={"compile": seconds / 3},
    )  # fmt: skip
    run.save_episode(episode)
    page = Page(write_report(run).read_text())
    bare = [tag for tag, _ in page.tags]
    assert bare.count("h1") == bare.count("html") == 1
    assert "script" not in bare


def test_a_run_that_has_not_ended_has_no_report(tmp_path: Path) -> None:
    with pytest.raises(SetupFault, match="has not ended"):
        write_report(RunFolder.create(tmp_path, "go"))


def test_a_plan_that_was_refused_before_any_motion_is_told(tmp_path: Path) -> None:
    run = record_run(tmp_path / "run")
    episode = run.episode()
    refused = Compiled(feasible=False, violations=violations())
    subgoals = [subgoal.model_copy(update={"verdict": refused, "outcome": INFEASIBLE}) for subgoal in episode.subgoals]
    run.save_episode(episode.model_copy(update={"outcome": INFEASIBLE, "subgoals": tuple(subgoals), "attempts": ()}))
    run.append("disturbed", words="red_block was moved 10 cm")
    text = " ".join(Page(write_report(run).read_text()).text.split())
    for words in (
        "Refused before any motion",
        "allowed 7.5 rad/s^2",
        "a duration of 2.4 s",
        "45 N",
        "s: red_block was moved 10 cm",
    ):
        assert words in text, words


def test_a_damaged_trajectory_is_told_and_the_rest_is_shown(tmp_path: Path) -> None:
    run = record_run(tmp_path / "run")
    (run.path / "trajectories" / "0001.npz").write_bytes(b"broken")
    page = Page(write_report(run).read_text())
    assert "Part of the record cannot be shown" in page.text
    assert sum(tag == "svg" for tag, _ in page.tags) == 2


def test_the_table_of_joints_has_the_peaks_of_the_samples(run: RunFolder) -> None:
    trajectory = run.load_trajectory("0001")
    rows = joint_rows(trajectory, PANDA)
    # Minimum jerk peaks at 15/8 of the mean speed.
    ways = np.abs(trajectory.positions[-1] - trajectory.positions[0])
    assert [row["velocity"] for row in rows] == pytest.approx(ways / 2.8 * 15 / 8, rel=1e-4)
    assert [row["velocity_limit"] for row in rows] == [joint.velocity for joint in PANDA.joints]
