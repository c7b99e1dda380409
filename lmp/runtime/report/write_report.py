"""A run as one self-contained page: no script, no network, everything in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lmp.record import RunFolder
from lmp.runtime.report.attempt_card import attempt_card, parameter_rows
from lmp.runtime.report.plots import COLOURS
from lmp.runtime.report.stage_shares import group_percent, stage_shares
from lmp.runtime.report.timeline import Looks, incidents, looks_of_attempts, scene_changes
from lmp.runtime.report.words import (
    attempts_of,
    evidence_rows,
    margin_words,
    millimetres,
    number,
    said,
    share,
    short,
    violation_facts,
)
from lmp.schema.episode import Episode
from lmp.schema.outcome import Outcome

FOLDER = Path(__file__).parent
PICTURE_WIDTH = 640
"""Width of a picture [px]."""
MANY = 16
"""Attempts beyond which pictures get smaller, so that the page stays light [count]."""


def write_report(run: RunFolder) -> Path:
    """Writes `report.html` into the run folder; returns its path.

    Raises:
        SetupFault: The run has not ended.
        BadFile: The record is damaged where the page cannot do without it.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=number,
        share=share,
        short=short,
        margins=margin_words,
        facts=violation_facts,
        millimetres=millimetres,
        evidence=evidence_rows,
        said=said,
    )
    page = environment.get_template("report.html.j2").render(**_contents(run, run.episode()))
    return run.write_text("report.html", page)


def _contents(run: RunFolder, episode: Episode) -> dict[str, Any]:
    events, robot = run.events(), run.robot()
    width = PICTURE_WIDTH if len(episode.attempts) <= MANY else PICTURE_WIDTH // 2
    looks = looks_of_attempts(events)
    looks += [Looks()] * (len(episode.attempts) - len(looks))
    cards = [attempt_card(run, attempt, look, robot, width) for attempt, look in zip(episode.attempts, looks, strict=False)]
    shares = stage_shares(episode)
    return {
        "episode": episode,
        "tone": _tone(episode.outcome),
        "tone_of": _tone,
        "subgoals": [
            (subgoal, [cards[place] for place, _ in attempts_of(subgoal, episode)], parameter_rows(subgoal.primitive))
            for subgoal in episode.subgoals
        ],
        "shares": shares,
        "thinking": group_percent(shares, "thinking"),
        "world": group_percent(shares, "world"),
        "changes": scene_changes(episode),
        **_about_models(run, episode),
        "events": events,
        "incidents": incidents(events),
        "settings": run.settings(),
        "versions": run.versions(),
        "colours": COLOURS,
        "folder": run.path.name,
    }


def _about_models(run: RunFolder, episode: Episode) -> dict[str, Any]:
    """The use of models, and what was asked of them; of most runs there is neither."""
    if episode.models is None and not run.names("exchanges"):
        return {"models": [], "exchanges": []}
    from lmp.runtime.report.model_rows import exchange_rows, model_facts

    return {"models": [] if episode.models is None else model_facts(episode.models), "exchanges": exchange_rows(run)}


def _tone(outcome: Outcome) -> str:
    """The colour that an outcome is shown in."""
    if outcome in (Outcome.SUCCEEDED, Outcome.PLANNED):
        return "good"
    return "dull" if outcome in (Outcome.NOT_RUN, Outcome.INTERRUPTED) else "bad"
