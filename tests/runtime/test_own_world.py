"""A world of somebody, by its address: run, evaluated by its own predicate, killed and resumed, refused where it is wrong.

Its base is off the origin and turned, it has neither table nor scene file: see `plinth_world`.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from plinth_world import BASE, EDGE, PlinthWorld

import lmp
from lmp.cli.main import call
from lmp.errors import BadFile, SetupFault
from lmp.record import RunFolder
from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world
from lmp.schema.observation import Judgement
from lmp.schema.pose import Pose
from lmp.schema.world_spec import WorldSpec

ADDRESS = "python:tests.plinth_world:PlinthWorld"
HERE = "python:tests.runtime.test_own_world"
DIE_AT = "DIE_AT_TICK"
"""Environment variable: the tick at which a world of these tests kills its process."""


class Dying(PlinthWorld):
    """Kills its process in the middle of a motion; it saves nothing."""

    def send_action(self, action: dict[str, float]) -> dict[str, float]:
        if str(self.ticks) == os.environ.get(DIE_AT):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().send_action(action)


class DyingAndSaving(Dying):
    """The same, and its state can be saved."""

    def save(self, path: Path) -> None:
        held = None if self.held is None else (self.held[0], self.held[1].model_dump())
        poses = {name: pose.model_dump() for name, pose in self.poses.items()}
        path.write_text(json.dumps([self.q.tolist(), self.width, self.ticks, held, poses]))

    def restore(self, path: Path) -> None:
        try:
            q, self.width, self.ticks, held, poses = json.loads(path.read_text())
        except ValueError as error:
            raise BadFile(str(path), ["It is not the state of a plinth."]) from error
        self.q, self.held = np.array(q), None if held is None else (held[0], Pose.model_validate(held[1]))
        self.poses = {name: Pose.model_validate(pose) for name, pose in poses.items()}


class Silent(PlinthWorld):
    """One that has no predicate."""

    def __getattribute__(self, name: str) -> object:
        if name == "success":
            raise AttributeError(name)
        return super().__getattribute__(name)


class Wrong(PlinthWorld):
    """Its predicate never holds, whatever is done."""

    def success(self) -> Judgement:
        return Judgement(holds=False, why="never")


class Shifted(PlinthWorld):
    """It says that its tool is elsewhere than its robot's description puts it."""

    def __init__(self, spec: WorldSpec, *, dx: float = 0.0, turn: float = 0.0):
        self.off = Pose(position=(dx, 0.0, 0.0), quat_xyzw=(0.0, 0.0, float(np.sin(turn / 2)), float(np.cos(turn / 2))))
        super().__init__(spec)

    def tool_pose(self) -> Pose:
        return super().tool_pose() @ self.off


def told(capsys: pytest.CaptureFixture[str]) -> dict:
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("sentence", "direction"),
    [
        ("pick up the red block", None),
        ("put the red block on the blue block", None),
        ("put the green block to the left of the blue block", (0.0, 1.0)),
        ("put the red block behind the blue block", (1.0, 0.0)),
    ],
)
def test_a_sentence_is_carried_out_by_address(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sentence: str, direction: tuple[float, float] | None
) -> None:
    assert call(["run", sentence, "--world", ADDRESS, "--seed", "3", "--out", str(tmp_path / "run"), "--json"]) == 0
    episode = told(capsys)
    assert (episode["outcome"], episode["verified"], episode["world"]) == ("succeeded", True, ADDRESS)
    assert {thing["name"] for thing in episode["scene_after"]} == {"red_block", "blue_block", "green_block"}
    if direction is not None:
        at = {thing["name"]: BASE.inverse().apply(np.array(thing["position"])) for thing in episode["scene_after"]}
        moved = at["green_block" if "green" in sentence else "red_block"] - at["blue_block"]
        assert moved[:2] @ np.array(direction) > EDGE, f"not there as the arm stands: {moved}"


def test_its_own_task_is_carried_out_where_nothing_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["run", "--world", ADDRESS, "--out", str(tmp_path / "run"), "--json"]) == 0
    assert told(capsys)["instruction"] == PlinthWorld.instruction
    with pytest.raises(SetupFault, match="has no task of its own: say what to do"):
        lmp.run(world="kinematic:tabletop", out=tmp_path / "none")


@pytest.mark.parametrize(
    ("world", "judged", "success", "false"),
    [("PlinthWorld", 1, 1, 0), ("Wrong", 1, 0, 1)],
)
def test_it_is_evaluated_by_its_own_predicate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], world: str, judged: int, success: int, false: int
) -> None:
    address = ADDRESS if world == "PlinthWorld" else f"{HERE}:{world}"
    file = tmp_path / "results.jsonl"
    assert call(["evaluate", "--world", address, "--seeds", "2", "--results", str(file), "--json"]) == 0
    total = told(capsys)["total"]
    assert (total["judged"], total["successes"], total["false_successes"], total["verified"]) == (judged, success, false, 1)
    result = json.loads(file.read_text())
    assert (result["truth"], result["verified"], result["instruction"]) == (bool(success), True, PlinthWorld.instruction)


def test_what_nobody_can_judge_is_not_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "one.txt").write_text("pick up the red block\n")
    asked = ["--instructions", str(tmp_path / "one.txt"), "--seeds", "1", "--results", str(tmp_path / "r.jsonl")]
    assert call(["evaluate", "--world", ADDRESS, *asked]) == 0
    assert "not judged" in capsys.readouterr().out
    assert call(["evaluate", "--world", ADDRESS, *asked, "--json"]) == 0
    total = told(capsys)["total"]
    assert (total["judged"], total["success_rate"], total["successes"], total["verified"]) == (0, None, 0, 1)


def test_a_world_without_a_predicate_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["evaluate", "--world", f"{HERE}:Silent", "--seeds", "1", "--results", str(tmp_path / "r")]) == 2
    assert "has no task of its own" in capsys.readouterr().err
    assert call(["evaluate"]) == 2
    assert "Missing option '--instructions'" in capsys.readouterr().err


@pytest.mark.parametrize(("world", "afresh"), [("Dying", True), ("DyingAndSaving", False)])
def test_a_killed_run_is_resumed_by_its_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], world: str, afresh: bool
) -> None:
    run = tmp_path / "run"
    command = [sys.executable, "-c", "from lmp.cli.main import main; main()", "run", PlinthWorld.instruction]
    command += ["--world", f"{HERE}:{world}", "--seed", "3", "--out", str(run)]
    path = os.pathsep.join([str(Path.cwd()), str(Path("tests").resolve())])
    environment = {**os.environ, "PYTHONPATH": path, DIE_AT: "480"}
    killed = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert call(["resume", str(run), "--json"]) == 0
    episode = told(capsys)
    assert (episode["outcome"], episode["verified"]) == ("succeeded", True)
    record = RunFolder.open(run)
    resumed = next(event for event in record.events() if event.name == "resumed")
    assert resumed.data["afresh"] is afresh
    picked = [event.data["subgoal"]["skill"] for event in record.events() if event.name == "moving"].count("pick")
    assert picked == (2 if afresh else 1)
    assert ("opened afresh" in (run / "report.html").read_text()) is afresh


def test_a_world_made_in_python_is_resumed_in_python(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Stopped(Exception):
        """Ends a run in its middle."""

    def stop(world: object, subgoal: object) -> None:
        raise Stopped

    world = PlinthWorld(WorldSpec(seed=3))
    with pytest.raises(Stopped):
        Agent(world).run(world.instruction, out=tmp_path / "run", before_verify=stop)
    for file in ("episode.json", "report.html"):  # as if the process had ended there
        (tmp_path / "run" / file).unlink(missing_ok=True)
    assert call(["resume", str(tmp_path / "run")]) == 2
    assert "lmp.Agent(world).resume(run)" in capsys.readouterr().err


@pytest.mark.parametrize(("option", "words"), [("dx=0.0025", "2.5 mm"), ("dx=-0.3", "300.0 mm"), ("turn=0.025", "0.025 rad")])
def test_a_tool_elsewhere_than_the_description_puts_it_is_refused(option: str, words: str) -> None:
    with pytest.raises(SetupFault) as refused:
        open_world(f"{HERE}:Shifted?{option}")
    assert words in str(refused.value)
    assert "may be 2 mm and 0.02 rad" in str(refused.value)
    assert str(refused.value).count("turned by xyzw") == 2


@pytest.mark.parametrize("option", ["dx=0.0015", "turn=0.015"])
def test_a_tool_within_the_tolerance_is_taken(option: str) -> None:
    open_world(f"{HERE}:Shifted?{option}").close()


def test_one_that_was_made_in_python_is_compared_too() -> None:
    with pytest.raises(SetupFault, match="The world made in Python says that its tool is at"):
        Agent(Shifted(WorldSpec(), dx=0.01))


class Undeclared(PlinthWorld):
    """It keeps the contract, and does not say whether it is simulated; its robot does."""

    def __init__(self, spec: WorldSpec):
        super().__init__(spec)
        self.robot = SimpleNamespace(
            simulated=True,
            description=self.description,
            connect=self.connect,
            disconnect=self.disconnect,
            get_observation=self.get_observation,
            send_action=self.send_action,
        )

    def __getattribute__(self, name: str) -> object:
        if name == "simulated":
            raise AttributeError(name)
        return super().__getattribute__(name)


def test_a_world_that_does_not_say_so_is_real_moved_after_approval_and_watched(tmp_path: Path) -> None:
    world = Undeclared(WorldSpec(seed=3))
    with pytest.raises(SetupFault, match=r"This world is real, since it does not declare `simulated = True`: pass approve="):
        Agent(world).run("go home", out=tmp_path / "run")
    agent, asked = Agent(world), list[object]()
    assert agent.stages.executor.watched  # type: ignore[attr-defined]
    assert not Agent(PlinthWorld(WorldSpec())).stages.executor.watched  # type: ignore[attr-defined]
    agent.run("pick up the red block", out=tmp_path / "other", approve=lambda pending: asked.append(pending) is not None)
    assert len(asked) > 0
    assert world.ticks < 10, "nothing was moved: nobody approved"
    assert RunFolder.open(tmp_path / "other").newest_world() is None


def test_a_conversation_needs_a_world_that_saves(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["repl", "--world", ADDRESS]) == 2
    assert "has to save and restore its state" in capsys.readouterr().err
