"""Whole runs with a model that knows nothing: whatever it says, they end in order, and are on record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import lmp
from lmp.errors import LmpError
from lmp.model_settings import ModelSettings
from lmp.record import RunFolder
from lmp.record.check import check
from lmp.runtime.agent import run
from lmp.schema.budget import Budget
from lmp.schema.exchange import Exchange
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Refusal

INSTRUCTION = "put the red block in the bowl"


def _settings(seed: int, **more: object) -> ModelSettings:
    told = {"answer_tokens": 600, "temperature": 1.0, "seed": seed, "reasks": 1, "picture_width": 96, "form": "json_schema"}
    return ModelSettings.model_validate({**told, **more})


@pytest.mark.parametrize(("world", "one_call"), [("pybullet", False), ("kinematic", False), ("kinematic", True)])
def test_a_run_with_a_random_model_ends_in_order_and_on_record(tiny: Path, tmp_path: Path, world: str, one_call: bool) -> None:
    name = f"transformers:{tiny}"
    with lmp.open_world(f"{world}:tabletop", seed=3) as opened:
        episode = run(
            INSTRUCTION,
            world=opened,
            planner=name,
            model=_settings(1, one_call=one_call),
            budget=Budget(calls=4, replans=1, attempts_per_subgoal=1),
            out=tmp_path / "run",
            report=False,
            pictures=world == "pybullet",
        )
    assert episode.outcome in Outcome.all()
    assert check(tmp_path / "run").faults == []
    record = RunFolder.open(tmp_path / "run")
    exchanges = [record.load("exchanges", one, Exchange) for one in record.names("exchanges")]
    assert exchanges[0].model == name
    assert {"device", "dtype"} <= set(exchanges[0].parameters)
    assert bool(exchanges[0].pictures) == (world == "pybullet")
    for turn in exchanges[0].turns:
        assert isinstance(json.loads(turn.text), dict)


@pytest.mark.parametrize("seed", range(4))
def test_decompose_gives_a_plan_a_refusal_or_a_fault_of_ours(tiny: Path, seed: int) -> None:
    with lmp.open_world("kinematic:tabletop", seed=seed) as opened:
        agent = lmp.Agent(opened, f"transformers:{tiny}", model=_settings(seed))
        try:
            plan = agent.decompose(INSTRUCTION, agent.perceive())
        except LmpError as fault:
            assert f"transformers:{tiny}" in str(fault)
        else:
            assert isinstance(plan, Refusal) or all(set(one.objects) for one in plan)
