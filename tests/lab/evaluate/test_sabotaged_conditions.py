"""Heading, distance and joint conditions are not verified once the world has been spoilt in just what they are about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lmp.lab.evaluate.episode import Job, run_episode
from lmp.lab.evaluate.result import Result, Settings
from lmp.lab.evaluate.source import InstructionSource

TAKE = {"description": "take it", "primitive": {"kind": "pick", "object": "red_block"},
        "success": [{"kind": "held", "object": "red_block"}]}  # fmt: skip


def put(condition: dict[str, Any], target: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    primitive = {"kind": "place", "object": "red_block", "target": target, **more}
    return [TAKE, {"description": "put it down", "primitive": primitive, "success": [condition], "lasting": True}]


ON = {"kind": "on", "support": "table"}
HEADING = {"kind": "heading", "object": "red_block", "yaw": 0.4}
APART = {"kind": "apart_from", "object": "red_block", "reference": "bowl", "distance": 0.03}
JOINT = {"kind": "joint_share", "object": "cabinet", "joint": "bottom_drawer", "most": 0.1}
CASES = {
    "heading": (HEADING, put(HEADING, ON, yaw=0.4), "turn", "tabletop"),
    "distance": (APART, put(APART, {"kind": "beside", "reference": "bowl", "gap": 0.05}), "nudge", "tabletop"),
    "joint": (JOINT, [{"description": "go home", "primitive": {"kind": "home"}, "objects": ["cabinet"], "success": [JOINT],
                       "lasting": True}], "slide", "cabinet"),
}  # fmt: skip


def episode(case: str, seed: int, folder: Path, spoilt: bool) -> Result:
    condition, subgoals, kind, scene = CASES[case]
    path = folder / "plan.json"
    path.write_text(json.dumps({"instruction": case, "world": f"kinematic:{scene}", "subgoals": subgoals}))
    # What is true at the start would leave the episode out: a distance is asked for together with that the block was moved.
    moved = {"kind": "all", "of": [condition, {"kind": "not", "of": STILL}]}
    truth = {"heading": condition, "distance": moved, "joint": None}[case]
    source = InstructionSource.model_validate({"instruction": case, "world": scene, "truth": truth})
    settings = Settings(world=f"kinematic:{scene}", planner=f"plan:{path}", sabotage=kind if spoilt else None)
    return run_episode(Job(source=source, seed=seed, settings=settings))


STILL = {"kind": "not_moved", "object": "red_block"}


@pytest.mark.parametrize("case", sorted(CASES))
def test_what_was_not_spoilt_is_verified_and_true(case: str, tmp_path: Path) -> None:
    result = episode(case, 3, tmp_path, spoilt=False)
    assert result.fault is None and result.verified, result
    assert result.truth is (None if case == "joint" else True), result.why


@pytest.mark.parametrize("case", sorted(CASES))
@pytest.mark.parametrize("seed", [3, 11])
def test_what_was_spoilt_is_not_verified_unless_it_is_true_all_the_same(case: str, seed: int, tmp_path: Path) -> None:
    result = episode(case, seed, tmp_path, spoilt=True)
    assert result.fault is None and result.spoilt, result
    assert not result.false_success
    if case != "distance":  # a nudge may lead farther away
        assert not result.verified
