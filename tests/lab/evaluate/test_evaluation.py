from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from lmp.errors import BadFile, RobotFault, SetupFault
from lmp.lab.evaluate import evaluation
from lmp.lab.evaluate.episode import Job
from lmp.lab.evaluate.evaluation import evaluate
from lmp.lab.evaluate.ledger import Ledger
from lmp.lab.evaluate.result import Result
from lmp.lab.evaluate.summary import summarize
from lmp.meaning.failures import CONDITION_NOT_MET
from lmp.schema.outcome import Outcome


@pytest.fixture(autouse=True)
def _no_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests run no episodes of the agent; its parts need not be there."""
    monkeypatch.setattr(evaluation, "_check", lambda jobs: None)


def even_seeds_succeed(job: Job) -> Result:
    done = job.seed % 2 == 0
    outcome = Outcome.SUCCEEDED if done else CONDITION_NOT_MET
    return job.result(outcome=outcome, verified=done, truth=done, seconds=2.0, timings={"execute": 1.0}, replans=job.seed)


def stopped_at_four(job: Job) -> Result:
    if job.seed == 4:
        raise KeyboardInterrupt
    return even_seeds_succeed(job)


def killed_at_one(job: Job) -> Result:
    if job.seed == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return even_seeds_succeed(job)


def test_every_source_meets_every_seed_and_each_result_is_told() -> None:
    told: list[tuple[str, int, int, int]] = []
    summary = evaluate(
        ["a", "b"], range(4), run=even_seeds_succeed, on_result=lambda r, done, of: told.append((r.label, r.seed, done, of))
    )
    assert [(label, seed) for label, seed, _, _ in told] == [(label, seed) for label in "ab" for seed in range(4)]
    assert [(done, of) for _, _, done, of in told] == [(done, 8) for done in range(1, 9)]
    assert summary.complete
    assert (summary.total.episodes, summary.total.successes, summary.total.false_successes) == (8, 4, 0)
    assert [row.label for row in summary.rows] == ["a", "b"]
    assert summary.total.replans == 1.5
    assert summary.total.failures == {"condition_not_met": 4}
    assert summary.timings == {"execute": 0.5}


def test_ctrl_c_keeps_what_was_done_and_the_next_call_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    first = evaluate(["a"], range(8), results=path, run=stopped_at_four)
    assert not first.complete
    assert first.total.episodes == 4
    ran: list[int] = []
    second = evaluate(["a"], range(8), results=path, run=even_seeds_succeed, on_result=lambda r, *_: ran.append(r.seed))
    assert ran == [4, 5, 6, 7]
    assert second.complete
    assert second.total.episodes == 8
    assert second == evaluate(["a"], range(8), run=even_seeds_succeed).model_copy(update={"results": str(path)})


def test_other_settings_are_other_episodes(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    evaluate(["a"], range(2), results=path, run=even_seeds_succeed)
    evaluate(["a"], range(2), results=path, run=even_seeds_succeed, disturb="shift-target")
    assert len(path.read_text().splitlines()) == 4


def test_a_line_that_was_cut_off_is_run_again(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    evaluate(["a"], range(3), results=path, run=even_seeds_succeed)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert len(Ledger(path).results) == 2
    evaluate(["a"], range(3), results=path, run=even_seeds_succeed)
    assert path.read_bytes() == whole


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("my notes\n")
    with pytest.raises(BadFile, match="Line 1 is no result"):
        evaluate(["a"], range(3), results=path, run=even_seeds_succeed)
    assert path.read_text() == "my notes\n"


def test_two_processes_do_what_one_does(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    several = evaluate(["a", "b"], range(3), workers=2, results=path, run=even_seeds_succeed)
    assert several.total == evaluate(["a", "b"], range(3), run=even_seeds_succeed).total
    assert {(line["label"], line["seed"]) for line in map(json.loads, path.read_text().splitlines())} == {
        (label, seed) for label in "ab" for seed in range(3)
    }


def test_ctrl_c_in_a_worker_ends_the_evaluation_with_what_was_done(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    summary = evaluate(["a"], range(8), workers=2, results=path, run=stopped_at_four)
    assert not summary.complete
    assert 4 not in {json.loads(line)["seed"] for line in path.read_text().splitlines()}


def test_a_worker_that_dies_is_told() -> None:
    with pytest.raises(RobotFault, match="worker process died"):
        evaluate(["a"], range(4), workers=2, run=killed_at_one)


def test_wrong_use() -> None:
    with pytest.raises(SetupFault, match="0 seeds"):
        evaluate(["a"], [])
    with pytest.raises(SetupFault, match="0 workers"):
        evaluate(["a"], [1], workers=0)
    with pytest.raises(SetupFault, match="none came"):
        evaluate([], [1])


def test_wrong_names_are_told_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    for wrong in ({"robot": "pandda"}, {"world": "tabeltop"}, {"sabotage": "tipp"}, {"world": "pybulet"}, {"disturb": "shift"}):
        with pytest.raises(SetupFault, match="Did you mean"):
            evaluate(["a"], [1], run=even_seeds_succeed, **wrong)  # type: ignore[arg-type]


def test_the_summary_counts_each_kind_of_end() -> None:
    job = Job.model_validate({"source": {"instruction": "a"}, "seed": 0, "settings": {}})
    results = [
        job.result(outcome="succeeded", verified=True, truth=True, seconds=1.0),
        job.result(outcome="succeeded", verified=True, truth=False, seconds=2.0),
        job.result(outcome="condition_not_met", truth=True, seconds=3.0),
        job.result(outcome="absent", truth=False, seconds=0.5),
        job.result(outcome="succeeded", verified=True, seconds=4.0),
        job.result(skipped="it is done already"),
        job.result(skipped="no object fits a slot"),
        job.result(fault="RobotFault: gone"),
    ]
    row = summarize(results).total
    assert (row.episodes, row.successes, row.verified, row.judged) == (6, 2, 3, 4)
    assert (row.false_successes, row.missed_successes, row.faults, row.moved) == (1, 1, 1, 4)
    assert (row.broken, row.only_reason) == ({"RobotFault: gone": 1}, None)
    assert row.refusals == {"absent": 1}
    assert row.failures == {"condition_not_met": 1}
    assert row.done_before == 1 / 8
    assert row.success_rate == 2 / 5, "of the four that were judged, and the one that broke"
    assert row.seconds == 2.0
