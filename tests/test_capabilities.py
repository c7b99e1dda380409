"""Declarations of robots and planners: read in one place, with one meaning where something is left out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lmp
from lmp.capabilities import RobotCapabilities, planner_capabilities, robot_capabilities, robot_moved_by
from lmp.errors import SetupFault
from lmp.execution.executor import StreamingExecutor
from lmp.execution.hardware import wrap
from lmp.execution.monitoring.outcome_of import TIMED_OUT
from lmp.lab.disturbances.robot_in_front import RobotInFront
from lmp.model_settings import ModelSettings
from lmp.planners.model.model_planner import ModelPlanner
from lmp.planners.model.openai_client import OpenAIClient
from lmp.planners.model.unsent_client import UnsentClient
from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world
from lmp.stages import Robot, World

SILENT = RobotCapabilities(simulated=False, rate_hz=None, tells_width=True)


def declaring(**said: object) -> Any:
    return SimpleNamespace(**said)


def test_a_robot_that_says_nothing_is_real() -> None:
    assert robot_capabilities(declaring()) == SILENT


@given(simulated=st.booleans(), rate=st.none() | st.floats(1e-3, 1e4) | st.integers(1, 1000), tells=st.booleans())
def test_declarations_are_read_as_they_are(simulated: bool, rate: float | None, tells: bool) -> None:
    robot = declaring(simulated=simulated, rate_hz=rate, tells_width=tells)
    assert robot_capabilities(robot) == RobotCapabilities(simulated, rate, tells)
    in_front = RobotInFront(declaring(simulated=simulated, rate_hz=rate, tells_width=tells, description=None))
    assert robot_capabilities(in_front) == RobotCapabilities(simulated, rate, tells)


@given(wrong=st.sampled_from(["simulated", "tells_width"]), value=st.none() | st.text() | st.integers() | st.floats())
def test_what_is_neither_true_nor_false_is_refused(wrong: str, value: object) -> None:
    with pytest.raises(SetupFault, match=rf"SimpleNamespace.{wrong} has to be True or False, got "):
        robot_capabilities(declaring(**{wrong: value}))


@pytest.mark.parametrize("rate", [0, -1.0, float("nan"), float("inf"), "100", True])
def test_a_rate_that_is_none_is_refused(rate: object) -> None:
    with pytest.raises(SetupFault, match="rate_hz has to be ticks a second"):
        robot_capabilities(declaring(rate_hz=rate))


@pytest.fixture
def world() -> Iterator[World]:
    with open_world("kinematic:tabletop", seed=3) as opened:
        yield opened


@pytest.mark.parametrize("kind", ["kinematic", "pybullet"])
def test_the_robots_of_the_project_declare_all(kind: str) -> None:
    with open_world(f"{kind}:tabletop", seed=0) as world:
        assert isinstance(world.robot, Robot)
        assert robot_capabilities(world.robot) == RobotCapabilities(True, world.rate_hz, True)


def test_a_wrapped_controller_declares_all() -> None:
    robot = wrap(lambda q: None, rate_hz=50.0)
    assert isinstance(robot, Robot)
    assert robot_capabilities(robot) == RobotCapabilities(False, 50.0, False)
    with pytest.raises(SetupFault, match="simulated takes True or False, got 'yes'"):
        wrap(lambda q: None, simulated="yes")  # type: ignore[arg-type]


class Silent:
    """Keeps the four verbs of the contract, and declares nothing."""

    def __init__(self, behind: Robot):
        self.description, self.connect, self.disconnect = behind.description, behind.connect, behind.disconnect
        self.get_observation, self.behind, self.sent = behind.get_observation, behind, 0

    def send_action(self, action: dict[str, float]) -> dict[str, float]:
        self.sent += 1
        return self.behind.send_action(action)


def test_a_robot_that_does_not_declare_that_it_is_simulated_moves_only_after_approval(world: World, tmp_path: Path) -> None:
    silent = world.robot = Silent(world.robot)  # type: ignore[assignment]
    with pytest.raises(SetupFault, match=r"does not declare `simulated = True`, .* not simulated: pass approve="):
        Agent(world).run("go home", out=tmp_path / "run")
    assert silent.sent == 0
    asked: list[object] = []

    def approve(*what: object) -> bool:
        asked.append(what)
        return False

    Agent(world).run("pick up the red block", out=tmp_path / "run", approve=approve, report=False, pictures=False)
    assert len(asked) == 1
    assert silent.sent == 0


def test_a_robot_that_does_not_declare_that_it_is_simulated_is_watched(world: World) -> None:
    agent = Agent(world)
    scene = agent.perceive()
    [pick, *_] = agent.decompose("pick up the red block", scene)  # type: ignore[misc]
    compiled = agent.compile(agent.ground(pick, scene), scene)  # type: ignore[arg-type]
    assert isinstance(compiled, lmp.JointTrajectory)
    silent = Silent(world.robot)
    slow = StreamingExecutor(silent, world.rate_hz, clock=lambda: 3.0 * silent.sent / world.rate_hz)  # type: ignore[arg-type]
    assert slow.execute(compiled).outcome is TIMED_OUT


def test_an_executor_without_a_robot_of_its_own_moves_the_worlds(world: World) -> None:
    own = wrap(lambda q: None)
    assert robot_moved_by(declaring(), world) is world.robot
    assert robot_moved_by(StreamingExecutor(own, 100.0), world) is own


def test_planners_and_worlds_that_declare_nothing(world: World) -> None:
    found = planner_capabilities(declaring())
    assert (found.asks_model, found.corrects_in_words, found.settings, found.sees) == (None, None, None, False)
    assert planner_capabilities(declaring(by_pictures=True)).sees
    with pytest.raises(SetupFault, match="says asks_model = True and lacks use, instruction, lend, draft"):
        planner_capabilities(declaring(asks_model=True))
    with pytest.raises(SetupFault, match="settings has to be ModelSettings, or None, got 3"):
        planner_capabilities(declaring(settings=3))
    planner = ModelPlanner(UnsentClient(OpenAIClient("m", ModelSettings(base_url="http://127.0.0.1:1"))), {})
    can = planner_capabilities(planner)
    assert (can.asks_model, can.corrects_in_words, can.settings, can.sees) == (planner, planner, planner.settings, True)


ROOT = Path(lmp.__file__).parent
ASKING = {"capabilities.py", "execution/hardware/shape_of_controller.py"}
"""The table, and the file in which objects from outside are asked for methods and fields."""


def test_whoever_moves_a_robot_asks_no_part_for_an_attribute_by_name() -> None:
    names = ("agent.py", "default_parts.py", "flow/following.py")
    files = [*(ROOT / "execution").rglob("*.py"), *(ROOT / "runtime" / name for name in names), ROOT / "capabilities.py"]
    asking = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("getattr", "hasattr"):
                asking.add(path.relative_to(ROOT).as_posix())
    assert asking == ASKING
