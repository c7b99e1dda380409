"""A run whose process is killed with SIGKILL is gone on with: it looks first, moves nothing twice, and ends as it should."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import lmp
from lmp.errors import SetupFault
from lmp.lab.drills.deaths import Death, InMotion, InStage, InWriting
from lmp.lab.drills.errand import Answer, Errand
from lmp.lab.drills.life import Life, read_answer
from lmp.lab.drills.motions import motions_of
from lmp.lab.evaluate.source import InstructionSource
from lmp.lab.truth.predicates.support import InTruth
from lmp.record import RunFolder
from lmp.record.check import check
from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world
from lmp.schema.outcome import Outcome
from lmp.schema.world_spec import WorldSpec
from lmp.stages import World

SENTENCE = "put the red block in the bowl"
ERRAND = Errand(
    world="kinematic",
    seed=3,
    source=InstructionSource(instruction=SENTENCE, truth=InTruth(object="red_block", reference="bowl")),
)


def lived(folder: Path, again: bool, death: Death | None = None, **options: Any) -> Answer | str | None:
    """One process: an answer, words about what went wrong, or None if it was killed."""
    life = Life(options.pop("errand", ERRAND), folder / "run", again, folder / "answer", death=death, **options)
    (folder / "answer").unlink(missing_ok=True)
    process = life.start()
    process.join(60.0)
    assert process.exitcode == (0 if (folder / "answer").is_file() else -9)
    return read_answer(folder / "answer")


def names(folder: Path) -> list[str]:
    return [event.name for event in RunFolder.open(folder / "run").events()]


DEATHS: dict[str, tuple[Death, ...]] = {
    "in decomposing, and before a motion": (InStage(node="decompose", calls=30), InMotion(fraction=-0.1)),
    "in the line of its first event, and in carrying": (
        InWriting(file="log.jsonl", visit=5, share=0.5),
        InMotion(visit=2, fraction=0.4),
    ),
    "in carrying, and in resuming": (InMotion(visit=2, fraction=0.4), InStage(node="resume", calls=500)),
    "in verifying, and in the motion after": (InStage(node="verify", calls=100), InMotion(fraction=0.6)),
    "in a state of the world, a line, and on the way to rest": (
        InWriting(file="world", visit=2, moment="bytes", share=0.5),
        InWriting(file="log.jsonl", visit=12, share=0.5),
        InMotion(rest=True, fraction=0.5),
    ),
}


@pytest.mark.parametrize("deaths", DEATHS.values(), ids=DEATHS.keys())
def test_a_killed_run_is_gone_on_with(tmp_path: Path, deaths: tuple[Death, ...]) -> None:
    for number, death in enumerate(deaths):
        assert lived(tmp_path, again=number > 0, death=death) is None, "the process had to die"
        assert check(tmp_path / "run").faults == []
    answer = lived(tmp_path, again=True)
    assert isinstance(answer, Answer), answer
    assert (answer.outcome, answer.verified, answer.truth) == (Outcome.SUCCEEDED, True, True)
    run = RunFolder.open(tmp_path / "run")
    motions = motions_of(run)
    assert (motions.repeated, motions.unseen) == ((), ())
    assert check(run.path).faults == []
    told = names(tmp_path)
    assert told[told.index("resumed") + 1] == "perceived"
    assert (told.count("began"), told.count("closed")) == (1, 1)


def test_a_run_that_was_cut_off_before_it_began_says_so(tmp_path: Path) -> None:
    assert lived(tmp_path, again=False, death=InStage(node="create", calls=200)) is None
    with pytest.raises(SetupFault, match=r"was cut off before it began: nothing was moved\. Run it again"):
        lmp.resume(tmp_path / "run")


def test_a_disturbance_that_struck_does_not_strike_again(tmp_path: Path) -> None:
    errand = ERRAND.model_copy(update={"disturb": "shift-target"})
    assert lived(tmp_path, again=False, death=InMotion(visit=2, fraction=0.5), errand=errand) is None
    assert names(tmp_path).count("disturbed") == 1
    answer = lived(tmp_path, again=True, errand=errand)
    assert isinstance(answer, Answer), answer
    assert (answer.truth, answer.verified) == (True, True)
    assert names(tmp_path).count("disturbed") == 1


@pytest.mark.parametrize("fraction", [0.35, 0.75], ids=["while it is followed", "after the gripper closed"])
def test_a_motion_that_followed_an_object_is_gone_on_with_like_any_other(tmp_path: Path, fraction: float) -> None:
    errand = ERRAND.model_copy(update={"disturb": "drift"})
    assert lived(tmp_path, again=False, death=InMotion(visit=1, fraction=fraction), errand=errand) is None
    assert check(tmp_path / "run").faults == []
    answer = lived(tmp_path, again=True, errand=errand)
    assert isinstance(answer, Answer), answer
    assert (answer.truth, answer.verified) == (True, True)
    motions = motions_of(RunFolder.open(tmp_path / "run"))
    assert (motions.repeated, motions.unseen) == ((), ())
    assert check(tmp_path / "run").faults == []


def test_one_run_has_one_process(tmp_path: Path) -> None:
    process = Life(ERRAND, tmp_path / "run", False, tmp_path / "answer").start()
    try:
        while not (tmp_path / "run" / "settings.json").is_file():
            assert process.is_alive()
        with pytest.raises(SetupFault, match=f"in use: process {process.pid} writes to it"):
            lmp.resume(tmp_path / "run")
    finally:
        process.kill()
        process.join()
    assert check(tmp_path / "run").faults == []


class Cut(BaseException):
    """Ends a run at once, as far as that is possible without ending the process."""


class CutAt:
    """A listener that ends the run at an event."""

    def __init__(self, event: str):
        self.last = event

    def event(self, name: str, **data: object) -> None:
        if name == self.last:
            raise Cut

    def progress(self, fraction: float) -> None: ...


@pytest.fixture
def world() -> Iterator[World]:
    with open_world("kinematic:tabletop", seed=3) as opened:
        yield opened


def cut(world: World, out: Path, event: str, sentence: str = SENTENCE, **options: Any) -> Path:
    with pytest.raises(Cut):
        Agent(world, listener=CutAt(event)).run(sentence, out=out, pictures=False, report=False, **options)
    return out


def test_a_finished_run_is_not_gone_on_with(world: World, tmp_path: Path) -> None:
    Agent(world).run("put the purple elephant in the bowl", out=tmp_path / "run", pictures=False, report=False)
    with pytest.raises(SetupFault, match=r"has come to its end: absent\. See `lmp show"):
        lmp.resume(tmp_path / "run")


def test_whoever_approves_is_asked_again_and_may_refuse(world: World, tmp_path: Path) -> None:
    run = cut(world, tmp_path / "run", "moving", approve=lambda pending: True)
    asked: list[str] = []

    def refuse(pending: Any) -> bool:
        asked.append(pending.subgoal.description)
        return False

    episode = lmp.resume(run, approve=refuse)
    assert episode.outcome is Outcome.REJECTED
    assert len(asked) == 1
    told = names(tmp_path)
    assert "moving" not in told[told.index("resumed") :]


def test_a_person_is_asked_where_a_run_that_was_taken_up_would_end(world: World, tmp_path: Path) -> None:
    run = cut(world, tmp_path / "run", "perceived", "put the purple elephant in the bowl", ask=lambda reason: "stop")
    reasons: list[str] = []

    def ask(reason: str) -> str:
        reasons.append(reason)
        return SENTENCE

    episode = lmp.resume(run, ask=ask)
    assert (episode.outcome, episode.verified) == (Outcome.SUCCEEDED, True)
    assert len(reasons) == 1
    assert "elephant" in reasons[0]


class RealArm:
    """The world's robot, which says that it is a real one."""

    simulated = False

    def __init__(self, robot: Any):
        self.robot = robot

    def __getattr__(self, name: str) -> Any:
        return getattr(self.robot, name)


class RealWorld:
    """A world whose robot is a real one: nothing of it can be restored."""

    def __init__(self, world: World):
        self.world, self.robot, self.spec = world, RealArm(world.robot), WorldSpec(seed=world.spec.seed)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.world, name)


def test_a_real_robot_asks_before_it_goes_on(world: World, tmp_path: Path) -> None:
    real: Any = RealWorld(world)
    yes: Callable[[Any], bool] = lambda pending: True  # noqa: E731
    run = cut(real, tmp_path / "run", "executed", approve=yes)
    assert RunFolder.open(run).newest_world() is None
    with pytest.raises(SetupFault, match="passed as an object"):
        lmp.resume(run)
    with pytest.raises(SetupFault, match="pass approve="):
        Agent(real).resume(run)
    asked: list[object] = []
    episode = Agent(real).resume(run, approve=lambda pending: asked.append(pending) is None)
    assert (episode.outcome, episode.verified) == (Outcome.SUCCEEDED, True)
    assert len(asked) == names(tmp_path)[names(tmp_path).index("resumed") :].count("moving") > 0
    assert motions_of(RunFolder.open(run)).repeated == ()


def test_a_drill_whose_process_dies_at_the_very_end_reads_the_answer(tmp_path: Path) -> None:
    done = lived(tmp_path, again=False)
    assert isinstance(done, Answer), done
    answer = lived(tmp_path, again=True)
    assert isinstance(answer, Answer), answer
    assert (answer.outcome, answer.verified, answer.truth) == (done.outcome, done.verified, done.truth)
    assert "resumed" not in names(tmp_path)
