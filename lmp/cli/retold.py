"""A run that has not come to its end, told from its record as far as it got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from lmp.errors import BadFile
from lmp.record import Event, RunFolder
from lmp.record.exchanges import used_models
from lmp.runtime.carrying_out import reports
from lmp.runtime.flow.memory import motion_under_way
from lmp.schema.episode import Attempt, Compiled, Episode, SubgoalReport, WorldObject
from lmp.schema.exchange import ModelUse
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Plan

LONGEST = 2000
"""Longest text that an episode takes [characters]."""


def retold(run: RunFolder) -> Episode:
    """Retell what was planned and done so far, as an episode whose outcome is `unfinished`.

    Raises:
        BadFile: What the run was made with cannot be read.
    """
    settings = run.settings()
    lines = run.log.read()
    events, complaint = lines.events, lines.complaint
    attempts, plan, complaints = _saved(run)
    running = run.writer is not None
    attempts += _under_way(events, running)
    subgoals = reports(attempts, plan.subgoals if plan is not None else (), ())
    known = _previewed(events)
    models = _models(run, complaints)
    words = " ".join([_where(run, events), *([f"log.jsonl: {complaint}"] if complaint else []), *complaints])
    return Episode(
        outcome=Outcome.UNFINISHED,
        verified=False,
        error=words[:LONGEST],
        hint="" if running else f"lmp resume {run.path}" if run.begun else "Run it again.",
        instruction=str(settings.get("instruction", ""))[:LONGEST],
        world=str(settings.get("world", "")),
        seed=settings.get("seed") or 0,
        robot=str(settings.get("robot") or "unknown"),
        planner=str(settings.get("planner", "")),
        subgoals=tuple(known.get(report.description, report) if report.attempts == 0 else report for report in subgoals),
        attempts=tuple(attempts),
        replans=sum(attempt.rule != "" for attempt in attempts),
        seconds=events[-1].seconds if events else 0.0,
        models=models,
        run=str(run.path),
        scene_before=_objects_before(events),
    )


def _where(run: RunFolder, events: Sequence[Event]) -> str:
    """Say where it stands, in a sentence."""
    writer = run.writer
    if writer is not None:
        who = f"process {writer}" if writer else "a process"
        return f"It is still going on: {who} writes to it; {_last(events)}."
    if not run.begun:
        return "It was cut off before it began; nothing was moved."
    return f"It was cut off; {_last(events)}."


def _last(events: Sequence[Event]) -> str:
    if not events:
        return "no event was recorded"
    subgoal = events[-1].data.get("subgoal")
    about = f" ({subgoal['description']})" if isinstance(subgoal, dict) and "description" in subgoal else ""
    return f"{len(events)} events were recorded, the last is {events[-1].name!r}{about}"


def _under_way(events: Sequence[Event], running: bool) -> list[Attempt]:
    """The attempt whose motion had begun and that has no end in the record, if there is one that can be read."""
    try:
        attempt = motion_under_way(events)
        compiled = next((event.data["compiled"] for event in reversed(events) if event.name == "compiled"), None)
        verdict = None if compiled is None else Compiled.model_validate(compiled)
    except (KeyError, TypeError, ValidationError):
        return []
    if attempt is None:
        return []
    ended = events[-1].name not in ("moving", "disturbed")
    if running:
        words = "its motion has ended, and what it came to is being looked at" if ended else "under way: its motion has begun"
    else:
        words = "cut off after this motion, before it was verified" if ended else "cut off during this motion"
    return [attempt.model_copy(update={"compiled": verdict, "outcome": Outcome.UNFINISHED, "message": words, "rule": ""})]


def _saved(run: RunFolder) -> tuple[list[Attempt], Plan | None, list[str]]:
    """The attempts and the last plan, and what cannot be read."""
    attempts: list[Attempt] = []
    plan: Plan | None = None
    complaints: list[str] = []
    for name in run.names("attempts"):
        try:
            attempts.append(run.load("attempts", name, Attempt))
        except BadFile as error:
            complaints.append(str(error))
    for name in run.names("plans")[-1:]:
        try:
            plan = run.load("plans", name, Plan)
        except BadFile as error:
            complaints.append(str(error))
    return attempts, plan, complaints


def _models(run: RunFolder, complaints: list[str]) -> ModelUse | None:
    """The use of models so far; None if nothing was asked. Adds what cannot be read."""
    try:
        use = used_models(run)
    except BadFile as error:
        complaints.append(str(error))
        return None
    return use if use.questions else None


def _previewed(events: Sequence[Event]) -> dict[str, SubgoalReport]:
    """The last preview of each subgoal, by its description."""
    entries = next((event.data.get("entries", ()) for event in reversed(events) if event.name == "previewed"), ())
    found = (_report(entry) for entry in entries if isinstance(entry, Mapping))
    return {report.description: report for report in found if report is not None}


def _report(entry: Mapping[str, Any]) -> SubgoalReport | None:
    try:
        said = entry["subgoal"]
        return SubgoalReport(
            description=said["description"],
            reasoning=said["reasoning"],
            skill=said["skill"],
            objects=said["objects"],
            primitive=entry["primitive"],
            verdict=None if entry["compiled"] is None else Compiled.model_validate(entry["compiled"]),
            attempts=0,
            outcome=Outcome.NOT_RUN if entry["outcome"] == Outcome.PLANNED else entry["outcome"],
        )
    except (KeyError, TypeError, ValidationError):
        return None


def _objects_before(events: Sequence[Event]) -> tuple[WorldObject, ...] | None:
    """The objects at the beginning, as the world itself told them."""
    began = next((event.data.get("objects") for event in events if event.name == "began"), None)
    try:
        return None if began is None else tuple(WorldObject.model_validate(item) for item in began)
    except (TypeError, ValidationError):
        return None
