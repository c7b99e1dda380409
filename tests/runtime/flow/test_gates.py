"""Gates in a run: GO, ABSTAIN and ASK in the flow, the table of recoveries, the record and the words for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import lmp
from lmp.choosing import CheckedMotion
from lmp.cli.main import call
from lmp.record import RunFolder
from lmp.runtime.agent import Agent
from lmp.runtime.recoveries import response_to
from lmp.runtime.worlds import open_world
from lmp.schema.episode import Episode
from lmp.schema.outcome import Outcome, Response
from lmp.schema.plan import ABSTAINED
from lmp.schema.proposal import Abstain, AskFirst, Go
from lmp.stages import World

SENTENCE = "pick up the red block"


@pytest.fixture
def world() -> Iterator[World]:
    with open_world("kinematic:tabletop", seed=3) as opened:
        yield opened


def run(world: World, tmp_path: Path, *gates: object, **options: object) -> Episode:
    return Agent(world, gates=gates).run(SENTENCE, out=tmp_path / "run", pictures=False, report=False, **options)  # type: ignore[arg-type]


def test_a_gate_that_lets_it_go_is_in_the_record(world: World, tmp_path: Path) -> None:
    episode = run(world, tmp_path, "margin:clearance=0.0001")
    assert episode.verified
    [decision] = episode.attempts[0].gates
    assert (decision.gate, decision.answer) == ("margin:clearance=0.0001", Go())
    assert RunFolder.open(tmp_path / "run").episode().subgoals[0].gates == (decision,)


def test_a_gate_that_abstains_moves_nothing_and_the_next_choice_is_tried(world: World, tmp_path: Path) -> None:
    before = world.robot.get_observation()
    episode = run(world, tmp_path, "margin:joint_limit=3.0")
    assert (episode.outcome, episode.verified) == (ABSTAINED, False)
    assert world.robot.get_observation() == before
    assert all(attempt.execution is None for attempt in episode.attempts)
    grasps = [attempt.primitive.grasp for attempt in episode.attempts]  # type: ignore[union-attr]
    assert grasps[:3] == [0, 1, 2], "each try is another grasp"
    answer = episode.attempts[0].gates[0].answer
    assert isinstance(answer, Abstain) and answer.score < answer.limit == 3.0 and answer.unit == "rad"
    assert "joint limit is" in (episode.error or "")


def test_the_table_answers_an_abstention_with_another_choice_then_another_plan() -> None:
    answers = [response_to(ABSTAINED, failures) for failures in range(1, 5)]
    assert answers == [Response.NEXT_CHOICE, Response.NEXT_CHOICE, Response.DECOMPOSE_AGAIN, Response.ASK]


class FirstGraspIsSuspect:
    """Abstains from the preferred grasp."""

    def judge(self, motion: CheckedMotion) -> Go | Abstain:
        rank = motion.primitive.model_dump()["grasp"]
        return Go() if rank else Abstain(score=0.0, limit=1.0, why="the preferred grasp is suspect")


def test_what_a_gate_likes_better_is_carried_out(world: World, tmp_path: Path) -> None:
    episode = run(world, tmp_path, FirstGraspIsSuspect())
    assert episode.verified
    assert [attempt.outcome for attempt in episode.attempts] == [ABSTAINED, Outcome.SUCCEEDED]
    assert episode.attempts[0].rule == f"abstained: {Response.NEXT_CHOICE.value}"
    assert episode.attempts[1].changed == ("grasp: 0 -> 1",)


class AsksAboutAll:
    """Wants to know whether somebody is near."""

    def judge(self, motion: CheckedMotion) -> AskFirst:
        return AskFirst(words="Is nobody near")


@pytest.mark.parametrize(("said", "outcome"), [("yes", Outcome.SUCCEEDED), ("no", Outcome.REJECTED), ("", Outcome.REJECTED)])
def test_a_gate_that_asks_has_a_person_asked(world: World, tmp_path: Path, said: str, outcome: Outcome) -> None:
    heard: list[str] = []
    episode = run(world, tmp_path, AsksAboutAll(), ask=lambda words: heard.append(words) or said)
    assert episode.outcome is outcome
    assert heard[0].startswith("Is nobody near? ")
    assert episode.attempts[0].gates[0].approved is (said == "yes")


def test_where_nobody_is_there_to_be_asked_nothing_moves(world: World, tmp_path: Path) -> None:
    before = world.robot.get_observation()
    episode = run(world, tmp_path, AsksAboutAll())
    assert episode.outcome is Outcome.REJECTED
    assert world.robot.get_observation() == before


def test_an_abstention_comes_before_a_question(world: World, tmp_path: Path) -> None:
    heard: list[str] = []
    episode = run(
        world, tmp_path, AsksAboutAll(), "margin:joint_limit=3.0", approve=lambda motion: heard.append("asked") is None
    )
    assert (episode.outcome, heard) == (ABSTAINED, [])


def test_whoever_approves_is_told_what_would_be_done_and_by_which_gates(world: World, tmp_path: Path) -> None:
    motions: list[CheckedMotion] = []
    assert run(world, tmp_path, AsksAboutAll(), approve=lambda motion: motions.append(motion) is None).verified
    assert [decision.gate for decision in motions[0].asks] == ["AsksAboutAll", "approval"]
    assert motions[0].question.startswith("Is nobody near; pick up red_block: pick object red_block")
    assert motions[0].trajectory.duration > 0.0


class Broken:
    """Breaks its contract."""

    def __init__(self, answer: object):
        self.answer = answer

    def judge(self, motion: CheckedMotion) -> object:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize("answer", [True, None, "go", ValueError("no idea")])
def test_a_gate_that_breaks_lets_nothing_move(world: World, tmp_path: Path, answer: object) -> None:
    before = world.robot.get_observation()
    episode = run(world, tmp_path, Broken(answer))
    assert episode.outcome is Outcome.PLANNER_FAILED
    assert "gate 'Broken'" in (episode.error or "")
    assert world.robot.get_observation() == before


def test_the_same_gates_hold_when_a_run_is_resumed(world: World, tmp_path: Path) -> None:
    def interrupt(world: World, subgoal: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(lmp.Interrupted):
        run(world, tmp_path, "margin:clearance=0.0001", before_verify=interrupt)
    settings = RunFolder.open(tmp_path / "run").settings()
    assert (settings["choose"], settings["gates"]) == ("first", ["margin:clearance=0.0001"])


def test_one_file_outside_is_a_gate_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "slow_gate_of_mine.py").write_text(
        "import lmp\n\n\nclass OnlyShort:\n"
        "    def __init__(self, seconds: float = 5.0):\n        self.seconds = seconds\n\n"
        "    def judge(self, motion):\n        took = motion.trajectory.duration\n"
        "        if took <= self.seconds:\n            return lmp.Go()\n"
        '        return lmp.Abstain(score=-took, limit=-self.seconds, unit="s", why=f"it lasts {took:.1f} s")\n'
    )
    monkeypatch.chdir(tmp_path)
    gate = "python:slow_gate_of_mine:OnlyShort?seconds=0.5"
    try:
        call(["run", SENTENCE, "--world", "kinematic:tabletop", "--seed", "3", "--gate", gate, "--out", "run", "--json"])
    finally:
        sys.modules.pop("slow_gate_of_mine", None)
    answer = json.loads(capsys.readouterr().out)
    assert (answer["outcome"], answer["verified"]) == ("abstained", False)
    [decision] = answer["subgoals"][0]["gates"]
    assert (decision["gate"], decision["answer"]["kind"], decision["answer"]["limit"]) == (gate, "abstain", -0.5)


def test_a_terminal_shows_what_the_gates_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gates = ["--gate", "margin:joint_limit=3.0", "--choose", "best-margin:most=2"]
    call(["run", SENTENCE, "--world", "kinematic:tabletop", "--seed", "3", *gates, "--out", str(tmp_path / "run")])
    words = " ".join(capsys.readouterr().out.split())
    assert "gate margin:joint_limit=3.0 ABSTAIN: joint limit is" in words
    assert "response abstained: perceive again and take the next choice" in words
    assert "ABSTAIN" in (tmp_path / "run" / "report.html").read_text()
