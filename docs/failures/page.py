"""The page of failures: what the code says of each code, and what was recorded of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

from lmp.cli.exit_status import exit_status
from lmp.execution.monitoring.outcome_of import outcome_of
from lmp.schema.episode import Attempt, Episode
from lmp.schema.evidence import SIGNALS, Evidence, Signal
from lmp.schema.findings import Execution
from lmp.schema.outcome import Outcome, Response
from lmp.schema.plan import INFEASIBLE, RefusalReason, Subgoal
from lmp.schema.verdict import VIOLATIONS

IMAGES = Path(__file__).parents[1] / "images" / "failures"
MET = (Outcome.SUCCEEDED, Outcome.PLANNED)
"""Outcomes that are no failures."""
UNANSWERED = {
    Outcome.UNFINISHED: "`lmp resume RUN` goes on with it: it perceives first and repeats no motion.",
    Outcome.NOT_RUN: "None: the run has ended.",
    Outcome.WRONG_USE: "None: no run has begun. The message says what came, where, what is allowed, and the nearest match.",
}
"""Outcomes that no attempt has, so that the loop answers none of them."""
REFUSALS = get_args(RefusalReason)

HEAD = """<!-- Written by `make docs` from the code and from what `make failure-pictures` recorded; a test compares it. -->

# Failures

Every way in which a subgoal or a run can fail: what the code means, how it is detected, what is done about it, and how it
looked in a recorded run. All pictures are of PyBullet runs (`tabletop`, seed {seed}) in which the failure was provoked by
something that happened in the world; the words beneath are those of the run's record. Orange rings mark what it is about.

A failure that is expected is a value, not an exception. A motion that is stopped has *evidence*: the signal, its value, its
limit, the instant, the segment, and the pictures of the look that followed.

| code | meaning |
|---|---|
{index}

## What is watched during a motion

The monitor in the executor looks at each of these at the control rate; over its limit, the arm is stopped smoothly.

| signal | what is measured | outcome |
|---|---|---|
{signals}

The responses are those of the table in [flow.md](flow.md#respond-the-table). Budgets bound them all.
"""


def failures_page() -> str:
    """The text of docs/failures.md."""
    recorded: dict[str, Any] = json.loads((IMAGES / "recorded.json").read_text(encoding="utf-8"))
    failures = [outcome for outcome in Outcome.all() if outcome not in MET]
    index = "\n".join(f"| {_link(one)} | {one.message} |" for one in failures)
    signals = "\n".join(
        f"| `{signal}` | {words} | {', '.join(map(_link, _outcomes(signal)))} |" for signal, words in SIGNALS.items()
    )
    parts = [HEAD.format(index=index, signals=signals, seed=recorded["seed"])]
    parts += [_section(outcome, recorded["failures"].get(outcome.value)) for outcome in failures]
    parts.append(_violations(recorded["violations"]))
    return "\n".join(parts)


def _section(outcome: Outcome, facts: dict[str, Any] | None) -> str:
    lines = [
        f"## {outcome.value}",
        "",
        f"{outcome.message}",
        "",
        f"- **Detected.** {outcome.detected}",
        *(f"- **Signal.** `{signal}`: {SIGNALS[signal]}." for signal in SIGNALS if outcome in _outcomes(signal)),
        f"- **Response.** {_ladder(outcome)}",
        f"- **Exit status**, where the run ends with it: {_exit(outcome)}.",
        "",
    ]
    return "\n".join(lines + ([] if facts is None else _recorded(outcome, facts))) + "\n"


def _outcomes(signal: Signal) -> list[Outcome]:
    """What a motion is that was stopped for a signal: it may depend on what was measured, a share or a quantity."""
    seen = [Evidence(signal=signal, value=0.0, limit=1.0, unit=unit, t=0.0) for unit in ("m", "1")]
    return list(dict.fromkeys(map(outcome_of, seen)))


def _exit(outcome: Outcome) -> str:
    """The exit status of a run that ended so, with and without motion."""
    if outcome is Outcome.UNFINISHED:
        return "none, since the process has not ended or was killed"
    if outcome is Outcome.WRONG_USE:
        return f"{exit_status(_ended(outcome, moved=False))}"
    if outcome is Outcome.NOT_RUN:
        return "that of the subgoal that ended the run"
    moved, unmoved = exit_status(_ended(outcome, moved=True)), exit_status(_ended(outcome, moved=False))
    return f"{moved}" if moved == unmoved else f"{moved} if anything was moved, else {unmoved}"


def _ended(outcome: Outcome, moved: bool) -> Episode:
    execution = Execution(outcome=outcome, duration=0.0, tracking_error=0.0, gripper_width=0.0)
    attempt = Attempt(subgoal=Subgoal(description="", reasoning="", skill="pick"), execution=execution, outcome=outcome)
    facts: dict[str, Any] = {"instruction": "", "world": "", "seed": 0, "robot": "r", "planner": "", "seconds": 0.0}
    return Episode(outcome=outcome, verified=False, attempts=(attempt,) if moved else (), **facts)


def _ladder(outcome: Outcome) -> str:
    if outcome in UNANSWERED:
        return UNANSWERED[outcome]
    rule = outcome.recovery
    if rule is None:
        return f"{Response.STOP.value.capitalize()}."
    steps = [f"{times} x {response.value}" for response, times in rule.steps]
    return f"{'; '.join([*steps, f'then {rule.then.value}'])}."


def _recorded(outcome: Outcome, facts: dict[str, Any]) -> list[str]:
    """The picture with what the record says."""
    code = outcome.value
    lines = [f'<img src="images/failures/{code}.png" width="480" alt="{facts["cause"]}">', ""]
    lines += [f'Recorded: "{facts["instruction"]}". {facts["cause"]}', ""]
    if "ended" not in facts:
        return lines
    said: list[tuple[str, Any]] = [
        ("Evidence", facts["evidence"]),
        ("Verified", "; ".join(facts["measured"])),
        ("Now", "; ".join(facts["states"])),
        ("Verdict", " ".join(facts["violations"])),
        ("Said", facts["message"] if not (facts["evidence"] or facts["measured"]) else ""),
        ("Hint", facts["hint"]),
        ("Response", facts["response"]),
        ("The run ended", _ending(facts)),
    ]
    return lines + [f"> **{name}:** {_plain(words)}  " for name, words in said if words]


def _ending(facts: dict[str, Any]) -> str:
    tries = f"{facts['attempts']} attempt{'s' if facts['attempts'] != 1 else ''}"
    return f"{'verified success' if facts['verified'] else facts['ended']}, {tries}, exit status {facts['exit_status']}"


def _violations(examples: dict[str, str]) -> str:
    """The table of what a verdict may say."""
    rows = [
        f"| `{code}` | {kind.meaning} | {_plain(examples.get(code, 'no check of this version gives it'))} |"
        for code, kind in sorted(VIOLATIONS.all().items())
    ]
    head = (
        "## Codes of a verdict\n\n"
        f"A compiler that finds no checked motion gives a `Verdict` ({_link(INFEASIBLE)})\n"
        "with all violations of the best candidate. The examples are what the checks said of real or planted faults.\n\n"
        "| code | meaning | example |\n|---|---|---|\n"
    )
    reasons = "\n".join(f"| {_link(Outcome(reason))} | {Outcome(reason).message} |" for reason in REFUSALS)
    tail = "\n\n## Reasons of a refusal\n\nA planner that does not plan answers with a `Refusal`, for one of these reasons.\n\n"
    return head + "\n".join(rows) + tail + "| reason | meaning |\n|---|---|\n" + reasons + "\n"


def _link(outcome: Outcome) -> str:
    return f"[`{outcome.value}`](#{outcome.value})"


def _plain(words: str) -> str:
    """Words that Markdown shows as they are."""
    return words.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
