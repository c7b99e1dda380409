"""Runs a cause, and takes from the run's record what the page tells: the evidence in words, the response, a picture."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from causes import SEED, Cause
from numpy.typing import NDArray
from portrait import portrait
from striker import Striker

import lmp
from lmp.cli.exit_status import exit_status
from lmp.runtime.agent import Agent
from lmp.runtime.carrying_out import Interrupted
from lmp.runtime.report.timeline import looks_of_attempts
from lmp.runtime.worlds import open_world
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.episode import Attempt, Episode
from lmp.schema.observation import IMAGES
from lmp.sims.pybullet.pybullet_world import PyBulletWorld

Facts = dict[str, Any]


def provoke(cause: Cause) -> tuple[Facts, bytes]:
    """The facts and the picture of one recorded run.

    Raises:
        SystemExit: The run did not lead to the failure.
    """
    with tempfile.TemporaryDirectory() as folder, open_world("tabletop", seed=SEED) as world:
        assert isinstance(world, PyBulletWorld)
        out = Path(folder) / "run"
        when, strike = cause.when or (lambda trajectory: None), cause.strike or (lambda moment: None)
        agent = Agent(world, cause.planner, gates=cause.gates, listener=Striker(world, out, when, strike))
        try:
            episode = agent.run(cause.instruction, out=out, report=False, **cause.options)
        except Interrupted as interruption:
            episode = interruption.episode
        index = next((i for i, one in enumerate(episode.attempts) if one.outcome is cause.outcome), None)
        if index is None and episode.outcome is not cause.outcome:
            seen = [f"{one.subgoal.skill} {one.outcome.value}: {one.message}" for one in episode.attempts]
            raise SystemExit(f"{cause.outcome.value} did not happen: {episode.outcome.value}, {episode.error}; {seen}")
        attempt = None if index is None else episode.attempts[index]
        picture = _picture(cause, world, out, episode, len(episode.attempts) - 1 if index is None else index)
    facts = _facts(cause, episode, attempt)
    facts["message"] = facts["message"].replace(str(out), "run")
    return facts, picture


def _picture(cause: Cause, world: PyBulletWorld, out: Path, episode: Episode, index: int) -> bytes:
    """The picture of the attempt of that index; below 0 there was none."""
    gone = {thing.name: thing.position for thing in episode.scene_before or ()}
    if cause.picture == "end":
        return portrait(_named(cause, world.observe(IMAGES).frames), cause.about, _hand_now(world), gone)
    run, label, trajectory, hand = lmp.RunFolder.open(out), "0001", None, np.empty((0, 3))
    if index >= 0:
        attempt, look = episode.attempts[index], looks_of_attempts(run.events())[index]
        label = (look.after if cause.picture == "after" else look.before) or label
        if attempt.compiled is not None and attempt.compiled.trajectory is not None:
            trajectory = run.load_trajectory(attempt.compiled.trajectory)
            t = attempt.execution.duration if attempt.execution is not None else 0.0
            hand = trajectory.tool_path[[min(int(np.searchsorted(trajectory.times, t)), len(trajectory.times) - 1)]]
            hand = trajectory.tool_path if cause.path else hand
    return portrait(_named(cause, run.load_frames(label)), cause.about, hand, gone, trajectory if cause.path else None)


def _named(cause: Cause, frames: tuple[CameraFrame, ...]) -> CameraFrame:
    return next(frame for frame in frames if frame.name == cause.camera)


def _hand_now(world: PyBulletWorld) -> NDArray[np.float64]:
    from lmp.primitives.arm.kinematics import Kinematics

    state = world.robot.get_observation()
    return Kinematics(world.robot.description).forward(np.array(state.positions))[None, :3, 3]


def _facts(cause: Cause, episode: Episode, attempt: Attempt | None) -> Facts:
    """What the record says, in words."""
    facts: Facts = {
        "instruction": cause.instruction,
        "cause": cause.words,
        "message": (episode.error if attempt is None else attempt.message) or "",
        "evidence": None,
        "measured": [],
        "states": [],
        "response": "" if attempt is None else attempt.rule,
        "hint": episode.hint,
        "ended": episode.outcome.value,
        "verified": episode.verified,
        "attempts": len(episode.attempts),
        "exit_status": exit_status(episode),
        "violations": [],
    }
    compiled = attempt.compiled if attempt is not None else next((one.verdict for one in episode.subgoals if one.verdict), None)
    if compiled is not None:
        facts["violations"] = [violation.message for violation in compiled.violations]
    if attempt is not None and attempt.execution is not None and attempt.execution.evidence is not None:
        evidence = attempt.execution.evidence
        facts["evidence"] = str(evidence)
        assert math.isfinite(evidence.value)
    if attempt is not None and attempt.verification is not None:
        failed = [result for result in attempt.verification.results if not result.holds]
        facts["measured"] = [f"{result.condition.kind}: {result.measured}" for result in failed]
        facts["states"] = [str(state) for state in attempt.verification.states]
    return facts
