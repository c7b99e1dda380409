"""Whole runs with a model behind a real protocol: mistakes are mended, or the run stops with a reason; calls are bounded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from answers_said import INSTRUCTION, PICK, PLACE, PLAN, PUT, REFUSED, TAKE, WRONG_PICKS, WRONG_PLACES, WRONG_PLANS, primitive
from loopback.server import Loopback

import lmp
from lmp.model_settings import ModelSettings
from lmp.record import RunFolder
from lmp.schema.budget import Budget
from lmp.schema.episode import Episode
from lmp.schema.exchange import Exchange
from lmp.schema.outcome import Outcome
from lmp.schema.plan import ABSENT, INFEASIBLE
from lmp.stages import World


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with lmp.open_world("kinematic:tabletop", seed=3) as opened:
        yield opened


@pytest.fixture
def run(world: World, loopback: Loopback, tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    """Carries the instruction out with what the loopback server says, and puts the world back."""
    world.save(tmp_path / "start.state")

    def carry_out(instruction: str = INSTRUCTION, model: dict[str, Any] | None = None, **options: Any) -> Episode:
        settings = ModelSettings.model_validate({"base_url": loopback.url, "retries": 0, **(model or {})})
        return lmp.run(
            instruction,
            world=world,
            planner="openai:tiny",
            model=settings,
            out=tmp_path / "run",
            pictures=False,
            report=False,
            **options,
        )

    yield carry_out
    world.restore(tmp_path / "start.state")


def exchanges(tmp_path: Path) -> list[Exchange]:
    record = RunFolder.open(tmp_path / "run")
    return [record.load("exchanges", name, Exchange) for name in record.names("exchanges")]


def test_a_run_without_failures_costs_a_call_more_than_subgoals(run: Any, loopback: Loopback, tmp_path: Path) -> None:
    loopback.answer(PLAN).answer(PICK).answer(PLACE)
    episode = run()
    assert episode.verified, episode.error
    assert episode.models is not None
    assert (episode.models.calls, len(episode.subgoals)) == (3, 2)
    assert episode.models.input_tokens == 3 * 1200
    assert [exchange.question for exchange in exchanges(tmp_path)] == ["decompose", "ground", "ground"]


def test_one_call_is_enough_where_it_is_asked_for(run: Any, loopback: Loopback) -> None:
    subgoals = [
        {**{name: value for name, value in said.items() if name != "skill"}, "primitive": answer["primitive"]}
        for said, answer in zip(PLAN["subgoals"], (PICK, PLACE), strict=True)
    ]
    loopback.answer({**PLAN, "subgoals": subgoals})
    episode = run(model={"one_call": True})
    assert episode.verified, episode.error
    assert len(loopback.requests) == 1


@pytest.mark.parametrize("mistake", WRONG_PLANS)
def test_a_wrong_plan_is_returned_with_what_is_wrong_and_mended(mistake: str, run: Any, loopback: Loopback) -> None:
    wrong, words = WRONG_PLANS[mistake]
    loopback.answer(wrong).answer(PLAN).answer(PICK).answer(PLACE)
    episode = run()
    assert episode.verified, episode.error
    assert words in json.loads(json.dumps(loopback.requests[1].body["messages"][-1]["content"]))
    assert len(loopback.requests) == 4


@pytest.mark.parametrize("mistake", WRONG_PICKS)
def test_a_wrong_primitive_is_returned_with_what_is_wrong_and_mended(mistake: str, run: Any, loopback: Loopback) -> None:
    wrong, words = WRONG_PICKS[mistake]
    loopback.answer(PLAN).answer(wrong).answer(PICK).answer(PLACE)
    episode = run()
    assert episode.verified, episode.error
    assert words in loopback.requests[2].text
    assert len(loopback.requests) == 4


@pytest.mark.parametrize("mistake", WRONG_PLACES)
def test_a_wrong_goal_is_returned_with_what_is_wrong_and_mended(mistake: str, run: Any, loopback: Loopback) -> None:
    target, words = WRONG_PLACES[mistake]
    loopback.answer(PLAN).answer(PICK).answer(primitive(kind="place", object="red_block", target=target)).answer(PLACE)
    episode = run()
    assert episode.verified, episode.error
    assert words in loopback.requests[3].text
    assert len(loopback.requests) == 4


@pytest.mark.parametrize("mistake", ["unknown object", "wrong type"])
def test_a_plan_that_stays_wrong_stops_the_run_with_the_reason(mistake: str, run: Any, loopback: Loopback) -> None:
    wrong, words = WRONG_PLANS[mistake]
    loopback.always(lambda asked: wrong)
    episode = run(model={"reasks": 2})
    assert episode.outcome is Outcome.PLANNER_FAILED
    assert words in (episode.error or "")
    assert len(loopback.requests) == 3
    assert not episode.attempts


def test_a_primitive_that_never_compiles_ends_within_the_budget_and_nothing_moves(run: Any, loopback: Loopback) -> None:
    wrong, _ = WRONG_PICKS["beyond the gripper"]
    loopback.always(lambda asked: PLAN if "DecomposeAnswer" in asked.text else wrong)
    episode = run()
    assert episode.outcome is INFEASIBLE
    assert episode.error
    assert all(attempt.execution is None for attempt in episode.attempts)
    assert len(loopback.requests) <= Budget().calls


def test_several_mistakes_come_back_at_once(run: Any, loopback: Loopback) -> None:
    wrong = primitive(kind="pick", object="red_blok", lift=4.0, path={"kind": "bulges", "bulges": []})
    loopback.answer(PLAN).answer(wrong).answer(PICK).answer(PLACE)
    assert run().verified
    complaints = loopback.requests[2].text
    assert all(words in complaints for words in ("red_blok", "primitive.lift", "bulges"))


def test_a_refusal_stops_before_anything_moves(run: Any, loopback: Loopback) -> None:
    loopback.answer(REFUSED)
    episode = run("put the spoon away")
    assert (episode.outcome, episode.error, episode.hint) == (ABSENT, "There is no spoon.", "Name something else.")
    assert not episode.attempts


def test_nothing_left_to_do_is_a_success_without_motion(run: Any, loopback: Loopback) -> None:
    standing = {"kind": "on", "object": "red_block", "support": "table"}
    loopback.answer({**PLAN, "subgoals": [], "already": [standing]})
    episode = run("leave the red block on the table")
    assert (episode.outcome, len(episode.attempts)) == (Outcome.SUCCEEDED, 0)


@pytest.mark.parametrize(
    ("already", "words"),
    [
        ([], "say in `already` which conditions"),
        ([{"kind": "in", "object": "red_block", "container": "bowl"}], "already.0: it does not hold"),
    ],
)
def test_nothing_is_called_done_that_was_not_measured(already: list[Any], words: str, run: Any, loopback: Loopback) -> None:
    loopback.always(lambda asked: {**PLAN, "subgoals": [], "already": already})
    episode = run()
    assert episode.outcome is Outcome.PLANNER_FAILED
    assert not episode.verified
    assert words in (episode.error or "")


@pytest.mark.parametrize(
    ("budget", "words"), [({"calls": 2}, "all 2 calls of models are used"), ({"tokens": 2000}, "of the 2000 tokens")]
)
def test_a_spent_budget_ends_the_run_cleanly(budget: dict[str, Any], words: str, run: Any, loopback: Loopback) -> None:
    loopback.answer(PLAN).answer(PICK).answer(PLACE)
    episode = run(budget=Budget(**budget))
    assert episode.outcome is Outcome.OUT_OF_BUDGET
    assert words in (episode.error or "")


def test_money_is_counted_by_the_prices_of_the_settings_and_bounded(run: Any, loopback: Loopback) -> None:
    loopback.always(lambda asked: PLAN)
    prices = {"input": 10.0, "output": 100.0}
    episode = run(model={"prices": prices, "reasks": 10}, budget=Budget(cost=0.03))
    assert episode.models is not None
    assert episode.models.cost == pytest.approx(episode.models.calls * (1200 * 10.0 + 80 * 100.0) / 1e6)
    assert episode.outcome is Outcome.OUT_OF_BUDGET
    assert 0.03 <= episode.models.cost < 0.06


def test_a_model_that_looks_too_can_only_make_success_stricter(run: Any, world: World, loopback: Loopback) -> None:
    loopback.answer(PLAN).answer(PICK).answer(PLACE)
    without_pictures = run(model={"verify": True})
    assert without_pictures.verified, "a world without pictures leaves the model nothing to look at"
    assert len(loopback.requests) == 3


def test_a_plan_that_was_mended_ahead_is_grounded_once(run: Any, loopback: Loopback) -> None:
    elsewhere = {"kind": "on", "object": "red_block", "support": "ball"}
    blocked = {**PLAN, "subgoals": [TAKE, {**PUT, "success": [elsewhere], "objects": ["red_block", "ball"]}]}
    loopback.answer(blocked).answer(PICK).answer(PLAN).answer(PLACE)
    episode = run()
    assert episode.verified, episode.error
    questions = ["subgoals are still to be done" in asked.text for asked in loopback.requests]
    assert questions == [True, False, True, False], "the same subgoal on the same scene is asked about once"
