"""A motion that was stopped: what the terminal says of it, while the run goes on and afterwards."""

from __future__ import annotations

import io

from rich.console import Console

from lmp.cli.display import LiveDisplay, show_episode
from lmp.execution.monitoring.outcome_of import UNEXPECTED_CONTACT
from lmp.meaning.conditions import Held
from lmp.meaning.failures import CONDITION_NOT_MET
from lmp.schema.episode import Attempt, Episode, SubgoalReport
from lmp.schema.evidence import Evidence
from lmp.schema.findings import Execution, ObjectState, Verification
from lmp.schema.plan import Subgoal

GOAL = Subgoal(description="put cup in box", reasoning="", skill="place", objects=("cup",), success=(Held(object="cup"),))
SEEN = Evidence(signal="contact_force", value=61.5, limit=30.0, unit="N", t=1.25, segment="carry", about="hand", other="wall")
STOPPED = Execution(
    outcome=UNEXPECTED_CONTACT, duration=1.25, tracking_error=0.01, gripper_width=0.04, evidence=SEEN,
    message="words that repeat the evidence",
)  # fmt: skip
ATTEMPT = Attempt(
    subgoal=GOAL,
    execution=STOPPED,
    verification=Verification(
        outcome=CONDITION_NOT_MET,
        states=(ObjectState(object="cup", place="on", support="table", lying=True, position=(0.5, 0.1, 0.02)),),
    ),
    outcome=UNEXPECTED_CONTACT,
    message="words that repeat the evidence",
    rule="unexpected_contact: go around it",
)
EPISODE = Episode(
    outcome=UNEXPECTED_CONTACT, verified=False, error="It pressed on a wall.", instruction="go", world="s", seed=0,
    robot="r", planner="p", attempts=(ATTEMPT,), seconds=4.0,
    subgoals=(
        SubgoalReport(
            description=GOAL.description, reasoning="", skill="place", objects=("cup",), primitive=None, verdict=None,
            attempts=1, outcome=UNEXPECTED_CONTACT,
        ),
    ),
)  # fmt: skip


def _console(terminal: bool) -> tuple[Console, io.StringIO]:
    file = io.StringIO()
    return Console(file=file, width=160, force_terminal=terminal, markup=False, highlight=False, emoji=False, _environ={}), file


def test_a_stop_is_told_with_value_limit_instant_and_where_things_are() -> None:
    console, file = _console(terminal=False)
    show_episode(EPISODE, console)
    text = file.getvalue()
    for words in (
        "unexpected contact: The arm, or what it carries, pressed on something harder",
        "seen contact force of hand and wall: 61.5 N, limit 30 N, at t = 1.25 s in 'carry'",
        "now cup is on table at (0.50, 0.10, 0.02) m, on its side",
        "response unexpected_contact: go around it",
    ):
        assert words in text, words
    assert "repeat the evidence" not in text


def test_a_stop_is_said_as_it_happens_and_stays_in_sight() -> None:
    console, file = _console(terminal=True)
    with LiveDisplay(console) as display:
        display.event("decomposed", answer=(GOAL,))
        display.event("moving", subgoal=GOAL, seconds=2.5)
        display.event("executed", subgoal=GOAL, execution=STOPPED)
        assert "Stopped: contact force of hand and wall: 61.5 N" in file.getvalue()
        display.event("verifying", scene="0002")
        display.event("responded", attempt=ATTEMPT)
        file.seek(0)
        file.truncate()
        display.event("perceived", scene="0003")
        assert "seen contact force of hand and wall: 61.5 N, limit 30 N" in file.getvalue()
        assert "(unexpected_contact: go around it)" in file.getvalue()
