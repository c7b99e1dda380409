"""Worlds from outside that print, cannot be closed, or tell states that are no numbers: said in one sentence, as one object."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

MODULE = """
import os, subprocess, sys
import numpy as np
from lmp.schema.scene import RobotState
from lmp.sims.kinematic.kinematic_world import KinematicWorld

print("imported")

class Talks(KinematicWorld):
    def observe(self, *wanted):
        print("python")
        os.write(1, b"native\\n")
        subprocess.run(["echo", "child"], check=True)
        return super().observe(*wanted)

    def close(self):
        print("closed")
        super().close()

class CannotClose(KinematicWorld):
    def close(self):
        raise OSError("the socket is gone")

class FailsTwice(CannotClose):
    def observe(self, *wanted):
        raise RuntimeError("no picture")

def told(state, joint, value, checked):
    positions = [value if name == joint else at for name, at in zip(state.joint_names, state.positions)]
    make = RobotState if checked else RobotState.model_construct
    return make(**{**dict(state), "positions": tuple(positions)})

class Sees(KinematicWorld):
    def observe(self, *wanted):
        seen = super().observe(*wanted)
        return seen.model_copy(update={"robot": told(seen.robot, "panda_joint3", self.value, self.checked)})

class Unchecked(Sees):
    value, checked = float("nan"), False

class Checked(Sees):
    value, checked = float("nan"), True

class Endless(Sees):
    value, checked = np.float64("-inf"), False

def opened(kind):
    def opens(spec, robot):
        world = kind.open(spec.model_copy(update={"address": "kinematic:tabletop"}), robot)
        world.spec = spec
        return world
    return opens

talks, cannot_close, fails_twice = opened(Talks), opened(CannotClose), opened(FailsTwice)
unchecked, checked, endless = opened(Unchecked), opened(Checked), opened(Endless)
"""
PROGRAM = "from lmp.cli.main import main; main()"


def lmp(folder: Path, *arguments: str) -> tuple[int, list[str], str]:
    """Exit status, lines of standard output, and standard error of a command beside the module of these worlds."""
    (folder / "outside.py").write_text(MODULE)
    command = [sys.executable, "-c", PROGRAM, *arguments]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False, env=dict(os.environ))
    return ended.returncode, ended.stdout.splitlines(), ended.stderr


def test_what_a_world_prints_is_no_part_of_the_answer(tmp_path: Path) -> None:
    status, out, err = lmp(tmp_path, "run", "go home", "--world", "python:outside:talks", "--json", "--out", "run")
    assert status == 0
    (line,) = out
    assert json.loads(line)["outcome"] == "succeeded"
    assert all(word in err.splitlines() for word in ("imported", "python", "native", "child", "closed"))


@pytest.mark.parametrize(
    "arguments",
    [("plan", "go home", "--world", "python:outside:talks"), ("worlds", "python:outside:talks"), ("worlds", "no-such-world")],
    ids=lambda arguments: " ".join(arguments),
)
def test_other_commands_answer_alone_too(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    _, out, _ = lmp(tmp_path, *arguments, "--json")
    json.loads("\n".join(out))


def test_without_json_a_world_prints_where_it_likes(tmp_path: Path) -> None:
    status, out, _ = lmp(tmp_path, "plan", "go home", "--world", "python:outside:talks")
    assert status == 0
    assert {"python", "native", "child"} <= set(out)


@pytest.mark.parametrize("command", ["run", "plan"])
def test_a_world_that_cannot_be_closed_is_said(tmp_path: Path, command: str) -> None:
    status, out, err = lmp(tmp_path, command, "go home", "--world", "python:outside:cannot_close", "--json")
    assert (status, err) == (3, "imported\nlmp: CannotClose.close raised OSError: the socket is gone\n")
    (line,) = out
    assert json.loads(line)["error"] == "CannotClose.close raised OSError: the socket is gone"


def test_a_failure_before_is_not_hidden_by_one_of_closing(tmp_path: Path) -> None:
    status, out, _ = lmp(tmp_path, "plan", "go home", "--world", "python:outside:fails_twice", "--json")
    assert (status, json.loads(out[0])["error"]) == (3, "FailsTwice.observe raised RuntimeError: no picture")


@pytest.mark.parametrize(
    ("world", "words"),
    [
        ("unchecked", "The robot 'panda' tells nan as the position of panda_joint3; finite numbers are needed."),
        ("endless", "The robot 'panda' tells -inf as the position of panda_joint3; finite numbers are needed."),
        (
            "checked",
            "Checked.observe raised ValidationError: RobotState, positions.2: Input should be a finite number, got nan. "
            "In the order of its description that is panda_joint3.",
        ),
    ],
)
@pytest.mark.parametrize("command", ["run", "plan"])
def test_a_state_that_is_no_number_names_its_joint(tmp_path: Path, command: str, world: str, words: str) -> None:
    status, out, _ = lmp(tmp_path, command, "go home", "--world", f"python:outside:{world}", "--json")
    answer: dict[str, Any] = json.loads(out[0])
    assert (status, answer["outcome"], answer["error"]) == (3, "robot_failed", words)
