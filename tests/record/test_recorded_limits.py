"""What was executed, read back from the record: every sample and what lies between samples keeps the robot file's limits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lmp.record import RunFolder
from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world
from lmp.schema.robot import RobotDescription
from lmp.schema.trajectory import JointTrajectory

SENTENCES = [
    "stack the green block on the blue one, then push the red block 6 cm to the left",
    "quickly put the mug on the tray",
    "put the yellow block behind the bowl",
]


def shares(trajectory: JointTrajectory, robot: RobotDescription) -> dict[str, float]:
    """The largest share of each limit that the positions alone use, by differences of neighbouring samples."""
    joints = robot.joints
    step = np.diff(trajectory.times)
    assert np.allclose(step, 1e-3, rtol=1e-6)
    q = trajectory.positions
    limits = {
        name: np.array([getattr(joint, name) for joint in joints])
        for name in ("lower", "upper", "velocity", "acceleration", "jerk")
    }
    middle, half = (limits["upper"] + limits["lower"]) / 2, (limits["upper"] - limits["lower"]) / 2
    v, a, j = (np.diff(q, order, axis=0) / 1e-3**order for order in (1, 2, 3))
    return {
        "position": float((np.abs(q - middle) / half).max()),
        "velocity": float((np.abs(v) / limits["velocity"]).max()),
        "acceleration": float((np.abs(a) / limits["acceleration"]).max()),
        "jerk": float((np.abs(j) / limits["jerk"]).max()),
        "velocity said": float((np.abs(trajectory.velocities) / limits["velocity"]).max()),
        "acceleration said": float((np.abs(trajectory.accelerations) / limits["acceleration"]).max()),
    }


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("seed", [11, 12])
def test_no_executed_trajectory_violates_a_limit(tmp_path: Path, sentence: str, seed: int):
    with open_world("kinematic:tabletop", seed=seed) as world:
        episode = Agent(world).run(sentence, out=tmp_path / "run", pictures=False, report=False)
    folder = RunFolder.open(tmp_path / "run")
    files = [attempt.compiled.trajectory for attempt in episode.attempts if attempt.execution is not None]
    assert bool(files) == any(event.name == "moving" for event in folder.events())
    for file in files:
        for name, share in shares(folder.load_trajectory(file), folder.robot()).items():
            assert share <= 1.0 + 1e-9, (file, name)
