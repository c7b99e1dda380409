"""The audit of a record sees a motion that was carried out twice, and one that rests on nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lmp.lab.drills.motions import Motions, motions_of
from lmp.record import RunFolder
from lmp.schema.trajectory import JointTrajectory, Margins, Segment


def trajectory(start: float) -> JointTrajectory:
    margins = Margins(
        joint_limit=0.1, velocity=0.5, acceleration=0.3, jerk=0.2, smallest_singular_value=0.1, end_error=0.0, stretch=1.0
    )
    rows = np.array([[start], [start + 0.1]])
    return JointTrajectory(
        skill="pick",
        joint_names=("a",),
        times=np.array([0.0, 0.1]),
        positions=rows,
        velocities=0.0 * rows,
        accelerations=0.0 * rows,
        tool_path=np.zeros((2, 3)),
        segments=(Segment(name="go", start=0.0, end=0.1),),
        margins=margins,
    )


def audited(folder: Path, *words: str) -> Motions:
    """The audit of a log: "see", "end", "cut", "plan X" and "move N"."""
    with RunFolder.create(folder, "x", {}) as run:
        for word in words:
            verb, _, rest = word.partition(" ")
            match verb:
                case "see":
                    run.append("perceived", scene="0001")
                case "plan":
                    run.append("compiled", compiled={"trajectory": run.save_trajectory(trajectory(float(rest)))})
                case "move":
                    run.append("moving", trajectory=f"{int(rest):04d}")
                case "rest":
                    run.append("resting", trajectory=run.save_trajectory(trajectory(float(rest))))
                case "end":
                    run.append("executed")
                case "cut":
                    run.append("resumed")
        return motions_of(run)


SOUND = {
    "in peace": ("see", "plan 1", "move 1", "end", "plan 2", "move 2", "end", "see", "rest 3", "end"),
    "cut in a motion and planned anew": ("see", "plan 1", "move 1", "cut", "see", "plan 1.5", "move 2", "end"),
    "cut twice before a look": ("see", "plan 1", "move 1", "cut", "cut", "see", "plan 1.5", "move 2", "end"),
    "cut at its very beginning": ("see", "plan 1", "move 1", "cut", "see", "plan 1", "move 2", "end"),
}


@pytest.mark.parametrize("words", SOUND.values(), ids=SOUND.keys())
def test_what_is_right_is_not_complained_of(tmp_path: Path, words: tuple[str, ...]) -> None:
    found = audited(tmp_path / "run", *words)
    assert (found.repeated, found.unseen) == ((), ())
    assert found.cut == min(1, words.count("cut"))
    assert found.alike == (words == SOUND["cut at its very beginning"])


WRONG = {
    "the same trajectory": (("see", "plan 1", "move 1", "cut", "see", "plan 2", "move 1", "end"), 1, 1),
    "the same samples after a motion that ended": (("see", "plan 1", "move 1", "end", "see", "plan 1", "move 2", "end"), 1, 0),
    "a plan from before the kill": (("see", "plan 1", "cut", "see", "move 1", "end"), 0, 1),
    "no look": (("see", "plan 1", "cut", "plan 2", "move 2", "end"), 0, 2),
    "to rest without a look": (("see", "cut", "rest 1", "end"), 0, 2),
}


@pytest.mark.parametrize(("words", "repeated", "unseen"), WRONG.values(), ids=WRONG.keys())
def test_what_must_not_be_is_seen(tmp_path: Path, words: tuple[str, ...], repeated: int, unseen: int) -> None:
    found = audited(tmp_path / "run", *words)
    assert (len(found.repeated), len(found.unseen)) == (repeated, unseen)
