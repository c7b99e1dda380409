"""`lmp plan --show prompt`: the first question to the model, word for word, without asking it."""

from __future__ import annotations

import json

from lmp.cli.printable import printable
from lmp.errors import SetupFault, did_you_mean
from lmp.planners.model.model_planner import ModelPlanner
from lmp.planners.model.request import Request
from lmp.planners.model.unsent_client import NotSent, UnsentClient
from lmp.runtime.agent import Agent

SHOWN = ("prompt",)


def shown_prompt(what: str, agent: Agent, instruction: str, as_json: bool) -> str:
    """The prompt that would be sent, in words or as one JSON object; empty where nothing would be. Nothing is sent.

    Raises:
        SetupFault: There is no such prompt to show, or the planner asks no model.
    """
    if what not in SHOWN:
        raise SetupFault(f"--show takes {', '.join(SHOWN)}, got {what!r:.60}.{did_you_mean(what, SHOWN)}")
    planner = agent.stages.planner
    if not isinstance(planner, ModelPlanner):
        raise SetupFault(f"The planner {agent.planner_name!r} asks no model: there is no prompt. Take openai:MODEL, for one.")
    planner.client = UnsentClient(planner.client)
    try:
        agent.plan(instruction)
    except NotSent as unsent:
        return _as_json(unsent.request, planner) if as_json else _in_words(unsent.request, planner)
    return ""


def _in_words(request: Request, planner: ModelPlanner) -> str:
    pictures = [f"{one.label}: PNG, {one.width} x {one.height} px, {len(one.png)} bytes" for one in request.pictures]
    parts = [
        ("Model", f"{planner.client.name} {json.dumps(planner.client.parameters)}"),
        ("System", request.system),
        ("Pictures", "\n".join(pictures) or "none"),
        ("User", request.user),
        ("Schema of the answer", json.dumps(request.answer.model_json_schema(), indent=1)),
    ]
    return "\n".join(f"==== {title} ====\n{_lines(text)}\n" for title, text in parts)


def _lines(text: str) -> str:
    return "\n".join(printable(line) for line in text.splitlines())


def _as_json(request: Request, planner: ModelPlanner) -> str:
    pictures = [
        {"label": one.label, "sha256": one.sha256, "width": one.width, "height": one.height, "bytes": len(one.png)}
        for one in request.pictures
    ]
    shown = {
        "model": planner.client.name,
        "parameters": planner.client.parameters,
        "question": request.question,
        "system": request.system,
        "pictures": pictures,
        "user": request.user,
        "schema": request.answer.model_json_schema(),
    }
    return json.dumps(shown)
