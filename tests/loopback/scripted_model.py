"""A model on loopback that answers as the scripted planner would, through the same prompts, schemas and protocols."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from grounding import grounded

from lmp import registry
from lmp.meaning.conditions import MovedBy
from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.scene import Scene
from loopback.server import Asked

SKILLS = {name: registry.load("skill", name).spec for name in registry.known("skill")}

STANDS = {"kind": "on", "object": "can", "support": "table"}
"""What is so already in every scene that is asked about."""


class ScriptedModel:
    """Answers *decompose*, *plan* and *ground* for one scene; finds in the request's text what it is asked.

    Args:
        scene: What it sees; a model sees the prompt only, this one is told.
    """

    def __init__(self, scene: Callable[[], Scene]):
        self._scene, self._planner = scene, ScriptedPlanner(SKILLS)
        self._subgoals: dict[str, Subgoal] = {}

    def __call__(self, asked: Asked) -> dict[str, Any]:
        text = said_by_user(asked)
        [question] = re.findall(r"(Which subgoals are still to be done|Which primitive reaches this subgoal)", text)
        if question.startswith("Which subgoals"):
            return self._decomposed(json.loads(quoted_block(text, "instruction")), "primitive" in schema_text(asked))
        description = json.loads(re.findall(r"Subgoal: (\".*\")", text)[-1])
        primitive = grounded(self._planner, self._subgoals[description], self._scene())
        return {"reasoning": "by rules", "primitive": primitive.model_dump(mode="json"), "refusal": None}

    def _decomposed(self, instruction: str, at_once: bool) -> dict[str, Any]:
        scene = self._scene()
        answer = self._planner.decompose(instruction, scene)
        if isinstance(answer, Refusal):
            return {"understanding": "by rules", "subgoals": [], "refusal": answer.model_dump(mode="json", exclude={"kind"})}
        if not answer:
            return {"understanding": "by rules", "already": [STANDS], "subgoals": [], "refusal": None}
        self._subgoals |= {subgoal.description: subgoal for subgoal in answer}
        return {
            "understanding": "by rules",
            "subgoals": [self._told(subgoal, at_once) for subgoal in answer],
            "refusal": None,
        }

    def _told(self, subgoal: Subgoal, at_once: bool) -> dict[str, Any]:
        kept = subgoal.model_dump(mode="json", include={"reasoning", "description", "objects", "step", "lasting"})
        without_origin = [
            condition.model_dump(mode="json", exclude={"origin"} if isinstance(condition, MovedBy) else set())
            for condition in subgoal.success
        ]
        own = {"skill": subgoal.skill}
        if at_once:
            primitive = grounded(self._planner, subgoal, self._scene())
            own = {"primitive": primitive.model_dump(mode="json")}
        return {**kept, "success": without_origin, **own}


def said_by_user(asked: Asked) -> str:
    """The text of the last question, whichever protocol it came in."""
    return "\n".join(_texts(asked.body.get("messages") or asked.body.get("input")))


def schema_text(asked: Asked) -> str:
    """What the answer has to fit, as text."""
    return json.dumps([asked.body.get(field) for field in ("response_format", "tools", "text")])


def quoted_block(text: str, name: str) -> str:
    """What stands in the last block of that name, as a JSON string."""
    [*_, found] = re.findall(rf"<{name}>\n(.*?)\n</{name}>", text, re.S)
    return json.dumps(found)


def _texts(node: Any) -> list[str]:
    if isinstance(node, str):
        return [node]
    if isinstance(node, list):
        return [text for item in node for text in _texts(item)]
    if isinstance(node, dict):
        return _texts(node.get("text") if node.get("text") is not None else node.get("content"))
    return []
