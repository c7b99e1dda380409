from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from lmp.cli.display import LiveDisplay, show_episode, show_table
from lmp.meaning.conditions import Held
from lmp.schema.episode import Attempt, Compiled, Episode, SubgoalReport
from lmp.schema.findings import ConditionResult, Verification
from lmp.schema.outcome import Outcome
from lmp.schema.plan import INFEASIBLE, Subgoal
from lmp.schema.skill import RecordedParameters
from lmp.schema.trajectory import Margins
from lmp.schema.verdict import Violation

MARGINS = Margins(
    joint_limit=0.42,
    velocity=0.63,
    acceleration=0.94,
    jerk=0.02,
    clearance=0.018,
    smallest_singular_value=0.1,
    end_error=0.0,
    stretch=1.2,
)
WRONG = Violation(
    code="velocity_limit", message="Joint 2 is too fast.", value=2.5, limit=2.175, unit="rad/s", t=0.83, joint="panda_joint2",
    hint="a duration of 3 s",
)  # fmt: skip


def _name(words: str) -> str:
    """The words as far as they can be a name."""
    return "".join(sign for sign in words if sign.isprintable()).strip() or "thing"


def _held(words: str) -> Held:
    return Held(object=_name(words))


def _subgoal(words: str) -> Subgoal:
    return Subgoal(description=f"Pick up {words}", reasoning=f"{words} is the one", skill="pick", success=(_held(words),))


def _attempt(words: str, outcome: Outcome) -> Attempt:
    good = outcome is Outcome.SUCCEEDED
    found = (ConditionResult(condition=_held(words), holds=good, measured="12 mm up"),)
    return Attempt(
        subgoal=_subgoal(words),
        primitive=_primitive(words),
        compiled=Compiled(feasible=True, margins=MARGINS, duration=3.21)
        if good
        else Compiled(feasible=False, violations=(WRONG,)),
        verification=Verification(outcome=outcome, results=found) if good else None,
        outcome=outcome,
        message="" if good else words,
        rule="" if good else "infeasible: repair the parameters",
    )


def _primitive(words: str) -> RecordedParameters:
    return RecordedParameters.model_validate({"kind": "snatch", "object": words, "speed": 0.25, "force": None})


def _episode(words: str, run: Path | None = None) -> Episode:
    attempts = (_attempt(words, INFEASIBLE), _attempt(words, Outcome.SUCCEEDED))
    goal = _subgoal(words)
    report = SubgoalReport(
        description=goal.description, reasoning=goal.reasoning, skill="pick", objects=(), primitive=_primitive(words),
        verdict=attempts[1].compiled, attempts=2, outcome=Outcome.SUCCEEDED,
    )  # fmt: skip
    return Episode(
        outcome=Outcome.SUCCEEDED, verified=True, instruction=words, hint=words, world="s", seed=0, robot="r", planner="p",
        subgoals=(report,), attempts=attempts, replans=1, seconds=4.2, run=str(run) if run else None,
    )  # fmt: skip


def _console(terminal: bool = False, width: int = 80, height: int = 24, encoding: str = "utf-8") -> tuple[Console, io.BytesIO]:
    raw = io.BytesIO()
    # Line feeds stay as they are on every system.
    file = io.TextIOWrapper(raw, encoding=encoding, newline="", write_through=True)
    console = Console(
        file=file, width=width, height=height, force_terminal=terminal, highlight=False, markup=False, emoji=False, _environ={}
    )
    return console, raw


def _printed(words: str, **options: object) -> str:
    console, raw = _console(**options)  # type: ignore[arg-type]
    show_episode(_episode(words), console)
    return raw.getvalue().decode(console.encoding)


def test_the_tree_tells_what_was_thought_checked_and_found() -> None:
    text = " ".join(_printed("mug").replace("│", " ").split())
    for words in (
        "✓ 1 Pick up mug (2 attempts)", "because mug is the one", "pick speed 0.25 m/s, object mug", "attempt 1",
        "refused 1 violation(s), nothing moved", "velocity_limit Joint 2 is too fast.",
        "[found 2.5 rad/s, allowed 2.175 rad/s, at 0.83 s, joint panda_joint2]", "hint a duration of 3 s", "✗ infeasible: mug",
        "response infeasible: repair the parameters", "attempt 2", "3.21 s, nearest joint limit 0.42 rad, peak velocity 63 %",
        "clearance 18 mm, stretched x 1.2", "✓ mug held: 12 mm up", "✓ succeeded in 4.2 s, 1 replan.",
    ):  # fmt: skip
        assert words in text, words


HOSTILE = [
    "[bold red]x[/]",
    "[link=https://a]b[/link]",
    ":warning:",
    "[/]",
    "a\\[b]",
    "\u202etxt.exe",
    "[[",
    "a\x1b[31mred\x9b2J",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_names_are_printed_as_they_are(words: str) -> None:
    """No markup, no emoji, no escape sequence; what could forge output becomes a replacement mark."""
    name = "".join(sign if sign.isprintable() else "\ufffd" for sign in words)
    episode = _episode("mug").model_copy(update={"instruction": words, "error": words})
    console, raw = _console()
    show_episode(episode, console)
    lines = raw.getvalue().decode().splitlines()
    assert lines[0] == name
    assert "\x1b" not in raw.getvalue().decode()


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=40), st.integers(40, 200))
def test_any_words_fit_the_width_and_carry_no_codes(words: str, width: int) -> None:
    text = _printed(words, width=width)
    assert all(sign == "\n" or sign.isprintable() for sign in text)
    console, _ = _console()
    assert max(console.measure(line).maximum for line in text.splitlines()) <= width


def test_colours_are_for_terminals_only() -> None:
    assert "\x1b[" in _printed("mug", terminal=True)
    assert "\x1b" not in _printed("mug", terminal=False)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_poor_encoding_gets_escapes_instead_of_an_error(encoding: str) -> None:
    text = _printed("\u7403", encoding=encoding)
    assert "\\u7403" in text
    assert "[ok]" in text


def test_paths_are_never_broken(tmp_path: Path) -> None:
    run = tmp_path / ("long" * 30)
    run.mkdir()
    console, raw = _console(width=40)
    show_episode(_episode("mug", run), console)
    assert str(run) in raw.getvalue().decode()
    assert "report.html" not in raw.getvalue().decode()
    (run / "report.html").write_text("")
    show_episode(_episode("mug", run), console)
    assert str(run / "report.html") in raw.getvalue().decode()


def test_a_list_has_a_line_for_each_thing() -> None:
    console, raw = _console()
    show_table(
        [("panda", "[b]Seven[/b] joints", "a.toml"), ("two", "x" * 200, "b.toml")], ("name", "description", "file"), console
    )
    text = raw.getvalue().decode()
    assert "name" in text.splitlines()[0]
    assert "[b]Seven[/b] joints" in text
    assert sum(line.count("x") for line in text.splitlines()) == 200


def _listen(console: Console) -> None:
    goals = (_subgoal("mug"), _subgoal("[cup]"))
    with LiveDisplay(console) as display:
        display.event("perceived", scene="0001")
        display.event("decomposed", answer=goals)
        display.event("something nobody has heard of", of=3)
        for goal in goals:
            display.event("grounded", subgoal=goal)
            display.event("moving", subgoal=goal, seconds=2.5)
            for step in range(1001):
                display.progress(step / 1000)
            display.event("responded", attempt=_attempt(goal.description.removeprefix("Pick up "), Outcome.SUCCEEDED))


def test_the_live_tree_grows_and_is_gone_at_the_end() -> None:
    console, raw = _console(terminal=True)
    _listen(console)
    text = raw.getvalue().decode()
    assert "Pick up [cup]" in text
    assert "because mug is the one" in text
    assert " 37 % of 2.5 s" in text
    assert text.count(" 37 % of 2.5 s") == 2, "drawn when the percent changes, not at each tick"
    assert text.endswith("\x1b[2K") or "\x1b[2K" in text.rsplit("Going on", 1)[1]


def test_nothing_is_shown_live_where_there_is_no_terminal() -> None:
    console, raw = _console(terminal=False)
    _listen(console)
    assert raw.getvalue() == b""


@given(st.lists(st.floats()))
def test_any_fraction_is_a_place_on_the_bar(fractions: list[float]) -> None:
    console, _ = _console(terminal=True)
    with LiveDisplay(console) as display:
        display.event("moving", seconds=1.0)
        for fraction in fractions:
            if fraction == fraction:
                display.progress(fraction)


def test_a_long_plan_stays_within_the_screen() -> None:
    console, raw = _console(terminal=True, height=12)
    with LiveDisplay(console) as display:
        display.event("decomposed", answer=tuple(_subgoal(f"thing{index}") for index in range(40)))
        for index in range(30):
            display.event("responded", attempt=_attempt(f"thing{index}", Outcome.SUCCEEDED))
        raw.seek(0)
        raw.truncate()
        display.progress(0.5)
        drawn = raw.getvalue().decode()
    assert "Pick up thing30" in drawn
    assert drawn.count("\n") <= 12


def test_an_error_in_the_run_leaves_the_terminal_in_order() -> None:
    console, raw = _console(terminal=True)
    with pytest.raises(RuntimeError), LiveDisplay(console) as display:
        display.event("perceived", scene="0001")
        raise RuntimeError("broken")
    assert raw.getvalue().decode().rfind("\x1b[?25h") > raw.getvalue().decode().rfind("\x1b[?25l"), "the cursor is back"


@pytest.mark.parametrize("terminal", [False, True])
def test_what_disturbed_the_run_stays_as_a_line(terminal: bool) -> None:
    console, out = _console(terminal=terminal)
    with LiveDisplay(console) as display:
        display.event("disturbed", words="red_block was torn out of the gripper")
    console.file.flush()
    line = out.getvalue().decode().splitlines()[-1]
    assert "disturbed  red_block was torn out of the gripper" in line
