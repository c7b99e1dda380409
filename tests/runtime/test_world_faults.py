"""A world that breaks is the robot's fault, told in one sentence, before anything moves."""

from __future__ import annotations

from pathlib import Path

import pytest

import lmp
from lmp.errors import RobotFault
from lmp.runtime.agent import Agent
from lmp.schema.scene import RobotState


def test_a_scene_that_is_none_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with lmp.open_world("kinematic:tabletop", seed=3) as world:
        agent = Agent(world)
        monkeypatch.setattr(world, "scene", lambda: {"objects": ()})
        with pytest.raises(RobotFault, match=r"KinematicWorld\.scene has to give a Scene, got \{'objects': \(\)\}"):
            agent.run("go home", out=tmp_path / "run")


def test_a_scene_that_breaks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> RobotState:
        return RobotState(joint_names=("a",), positions=(float("nan"),), velocities=(0.0,), gripper_width=0.0)

    with lmp.open_world("kinematic:tabletop", seed=3) as world:
        agent = Agent(world)
        monkeypatch.setattr(world, "scene", broken)
        with pytest.raises(RobotFault, match=r"KinematicWorld\.scene raised ValidationError"):
            agent.run("go home", out=tmp_path / "run")
