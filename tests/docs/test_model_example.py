"""The example that asks a model, against a server on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from loopback.server import Loopback

EXAMPLE = Path(__file__).parents[2] / "examples" / "07_ask_a_model.py"


def _subgoal(skill: str, objects: list[str], condition: dict[str, Any], lasting: bool) -> dict[str, Any]:
    named = {"description": f"{skill} red_block", "reasoning": "it is the only red thing", "skill": skill, "objects": objects}
    return {**named, "success": [condition], "step": 0, "lasting": lasting}


PLAN = [
    _subgoal("pick", ["red_block"], {"kind": "held", "object": "red_block"}, False),
    _subgoal("place", ["red_block", "bowl"], {"kind": "in", "object": "red_block", "container": "bowl"}, True),
]
PRIMITIVES = [
    {"kind": "pick", "object": "red_block"},
    {"kind": "place", "object": "red_block", "target": {"kind": "in", "container": "bowl"}},
]


def test_the_example_asks_a_server_and_succeeds(loopback: Loopback, tmp_path: Path) -> None:
    loopback.answer({"understanding": "one block", "subgoals": PLAN, "refusal": None})
    for primitive in PRIMITIVES:
        loopback.answer({"reasoning": "as the table says", "primitive": primitive, "refusal": None})
    here = {**os.environ, "LMP_SERVER": loopback.url, "LMP_MODEL": "tiny"}
    done = subprocess.run(
        [sys.executable, str(EXAMPLE)], cwd=tmp_path, env=here, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "succeeded" in done.stdout
    assert "3 calls, 3600 tokens sent" in done.stdout
    [run] = (tmp_path / "runs").iterdir()
    assert f"--planner replay:{run.name}" in done.stdout
    assert [asked.body["model"] for asked in loopback.requests] == ["tiny"] * 3
    assert json.dumps(loopback.requests[0].body).count("data:image/png;base64,") == 3
