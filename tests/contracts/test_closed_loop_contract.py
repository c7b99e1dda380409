"""Every executor that takes closed loops: what was asked of it, that it is stopped like any motion, and what it commanded."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from implementations import EXECUTORS, PANDA, open_executor, quintic_chunk, small_move

from lmp.capabilities import taking_closed_loops
from lmp.errors import NotExecutable
from lmp.execution.executor import StreamingExecutor
from lmp.execution.splicing import spliced
from lmp.schema.evidence import Evidence
from lmp.schema.executable import ClosedLoop, UnderWay
from lmp.schema.outcome import Outcome
from lmp.schema.plan import INFEASIBLE
from lmp.schema.trajectory import JointTrajectory, Segment

STREAMING = tuple(name for name in EXECUTORS if name.startswith("streaming"))
LIMITS = np.array([[getattr(joint, name) for joint in PANDA.joints] for name in ("velocity", "acceleration")])
Answer = Callable[[UnderWay], JointTrajectory | Evidence | None]


class Loop:
    """A closed loop that answers as it is told."""

    def __init__(self, answer: Answer, rate_hz: float = 10.0, looks: bool = True):
        self.first, self.rate_hz, self.answer, self.looks = small_move(), rate_hz, answer, looks
        self.asked: list[float] = []
        self.last: tuple[UnderWay, JointTrajectory] | None = None

    def looks_in(self, segment: Segment) -> bool:
        return self.looks

    def chunk(self, now: UnderWay) -> JointTrajectory | Evidence | None:
        self.asked.append(now.t)
        answer = self.answer(now)
        if isinstance(answer, JointTrajectory):
            self.last = now, answer
        return answer

    @property
    def commanded(self) -> JointTrajectory:
        assert self.last is not None
        now, chunk = self.last
        return spliced(now.trajectory, now.t, chunk)


def goal(away: float) -> np.ndarray:
    return np.array(PANDA.rest) - away


def once(at: float, chunk: Answer) -> Answer:
    """Asked first at or after a time, it gives one chunk."""
    given: list[float] = []

    def answer(now: UnderWay) -> Any:
        if now.t < at or given:
            return None
        given.append(now.t)
        return chunk(now)

    return answer


def at_rest(robot: Any) -> None:
    assert np.abs(robot.get_observation().velocities).max() <= 0.011


@pytest.mark.parametrize("name", STREAMING)
def test_it_ends_where_the_last_chunk_ends(name: str) -> None:
    loop = Loop(once(0.45, lambda now: quintic_chunk(now.joints, goal(0.3), 1.2)))
    assert isinstance(loop, ClosedLoop)
    with open_executor(name) as (executor, robot):
        taking = taking_closed_loops(executor)
        assert taking is not None
        execution = taking.execute(loop)
        assert execution.outcome is Outcome.SUCCEEDED, execution.message
        np.testing.assert_allclose(robot.get_observation().positions, goal(0.3), atol=3e-3)
        at_rest(robot)
        [retarget] = execution.retargets
        assert execution.duration == pytest.approx(retarget.t + 1.2, abs=1e-6)
        assert execution.velocity <= 1.0
        assert execution.acceleration <= 1.0
        assert loop.asked[-1] == execution.duration  # At its end it is asked whether that is all.


@pytest.mark.parametrize("name", STREAMING)
def test_without_a_checked_chunk_it_stops_on_its_path_with_evidence(name: str) -> None:
    def lost(now: UnderWay) -> Evidence | None:
        seen = Evidence(signal="no_chunk", value=2.0, limit=0.0, unit="1", t=now.t, segment="move", words="nothing is free")
        return seen if now.t >= 0.4 else None

    with open_executor(name) as (executor, robot):
        execution = executor.execute(Loop(lost))  # type: ignore[arg-type]
        assert execution.outcome is INFEASIBLE
        assert execution.evidence is not None
        assert "nothing is free" in execution.message
        at_rest(robot)
        # The path is straight in joint space: all joints have gone equally far, and no farther than its end.
        gone = np.array(PANDA.rest) - np.array(robot.get_observation().positions)
        assert np.ptp(gone) < 6e-3
        assert -3e-3 <= gone.min() <= 0.203
        assert execution.acceleration <= 1.0


def jumping(now: UnderWay) -> JointTrajectory:
    chunk = quintic_chunk(now.joints, goal(0.3), 1.2)
    return chunk.model_copy(update={"positions": chunk.positions + 0.01})


def unrested(now: UnderWay) -> JointTrajectory:
    chunk = quintic_chunk(now.joints, goal(0.3), 1.2)
    rows = slice(0, len(chunk.times) // 2)
    arrays = ("times", "positions", "velocities", "accelerations", "tool_path")
    return chunk.model_copy(update={name: getattr(chunk, name)[rows] for name in arrays})


def too_fast(now: UnderWay) -> JointTrajectory:
    return quintic_chunk(now.joints, goal(1.0), 0.3)


def of_another_robot(now: UnderWay) -> JointTrajectory:
    return quintic_chunk(now.joints, goal(0.3), 1.2).model_copy(update={"joint_names": tuple("abcdefg")})


@pytest.mark.parametrize("chunk", [jumping, unrested, too_fast, of_another_robot])
@pytest.mark.parametrize("name", STREAMING)
def test_a_chunk_that_must_not_move_the_arm_stops_it(name: str, chunk: Answer) -> None:
    with open_executor(name) as (executor, robot):
        with pytest.raises(NotExecutable):
            executor.execute(Loop(once(0.4, chunk)))  # type: ignore[arg-type]
        at_rest(robot)


@pytest.mark.parametrize("name", STREAMING)
def test_a_loop_that_fails_leaves_the_arm_at_rest(name: str) -> None:
    def fails(now: UnderWay) -> None:
        raise ZeroDivisionError("an expert that was not ready")

    with open_executor(name) as (executor, robot):
        with pytest.raises(ZeroDivisionError):
            executor.execute(Loop(once(0.4, fails)))  # type: ignore[arg-type]
        at_rest(robot)


@pytest.mark.parametrize("name", STREAMING)
def test_ctrl_c_in_a_chunk_stops_on_the_path_of_that_chunk(name: str) -> None:
    def answer(now: UnderWay) -> JointTrajectory | None:
        if now.t >= 0.8:
            signal.raise_signal(signal.SIGINT)
        return turn(now)

    turn = once(0.4, lambda now: quintic_chunk(now.joints, goal(0.3), 1.2))
    with open_executor(name) as (executor, robot):
        with pytest.raises(KeyboardInterrupt):
            executor.execute(Loop(answer))  # type: ignore[arg-type]
        at_rest(robot)
        gone = np.array(PANDA.rest) - np.array(robot.get_observation().positions)
        assert gone.min() > 0.05
        assert gone.max() < 0.29


@pytest.mark.parametrize("name", STREAMING)
def test_it_is_asked_as_often_as_it_says_and_only_where_it_looks(name: str) -> None:
    asked, deaf = Loop(lambda now: None, 20.0), Loop(lambda now: None, 20.0, looks=False)
    with open_executor(name) as (executor, _):
        executor.execute(asked)  # type: ignore[arg-type]
        executor.execute(deaf)  # type: ignore[arg-type]
    np.testing.assert_allclose(np.diff(asked.asked), 0.05, atol=1e-9)
    assert len(asked.asked) == 50
    assert deaf.asked == [2.5]


def test_what_was_commanded_replays_without_asking_anybody() -> None:
    sent: dict[str, list[np.ndarray]] = {"loop": [], "replay": []}
    loop = Loop(once(0.45, lambda now: quintic_chunk(now.joints, goal(0.3), 1.2)))
    for way in sent:
        with open_executor("streaming, kinematic") as (executor, robot):
            send = robot.send_action

            def note(action: dict[str, float], send: Any = send, way: str = way) -> dict[str, float]:
                sent[way].append(np.array([action[joint] for joint in PANDA.joint_names]))
                return send(action)  # type: ignore[no-any-return]

            robot.send_action = note  # type: ignore[method-assign]
            executor.execute(loop if way == "loop" else loop.commanded)  # type: ignore[arg-type]
    np.testing.assert_allclose(sent["loop"], sent["replay"], atol=1e-6)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    turns=st.lists(st.tuples(st.floats(0.05, 2.4), st.floats(-0.1, 0.35), st.floats(1.0, 2.0)), min_size=1, max_size=6).map(
        sorted
    )
)
def test_no_tick_exceeds_a_limit_whatever_is_turned_to_when(turns: list[tuple[float, float, float]]) -> None:
    """Differences of what is sent, at the tick rate, against the limits of the robot file."""
    waiting = list(turns)

    def answer(now: UnderWay) -> JointTrajectory | None:
        if not waiting or now.t < waiting[0][0]:
            return None
        _, away, seconds = waiting.pop(0)
        chunk = quintic_chunk(now.joints, goal(away), seconds)
        used = [np.abs(chunk.velocities).max(axis=0), np.abs(chunk.accelerations).max(axis=0)]
        return chunk if (np.stack(used) <= 0.99 * LIMITS).all() else None

    with open_executor("streaming, fn(q)") as (executor, robot):
        assert isinstance(executor, StreamingExecutor)
        execution = executor.execute(Loop(answer, 50.0))
        assert execution.outcome is Outcome.SUCCEEDED, execution.message
        assert execution.velocity <= 1.0
        assert execution.acceleration <= 1.0
        at_rest(robot)


@pytest.mark.parametrize("name", [name for name in EXECUTORS if name not in STREAMING])
def test_one_that_takes_whole_trajectories_is_given_no_loop(name: str) -> None:
    with open_executor(name) as (executor, robot):
        assert taking_closed_loops(executor) is None
        before = robot.get_observation()
        with pytest.raises(NotExecutable):
            executor.execute(Loop(lambda now: None))  # type: ignore[arg-type]
        assert robot.get_observation() == before


def test_one_that_cannot_look_says_so() -> None:
    said = "cannot look, and a closed loop needs what is seen: pass look="
    with open_executor("streaming, fn(q)") as (_, robot), pytest.raises(NotExecutable, match=said):
        StreamingExecutor(robot, 100.0).execute(Loop(lambda now: None))
