"""A goal that a client of actions was sent: its answer is waited for, and it can be cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from lmp.errors import RobotFault
from lmp.execution.hardware.answers import settled
from lmp.execution.hardware.shape_of_controller import ABSENT, action_family, field, method
from lmp.execution.hardware.waiting import Call, Waiting

ACCEPT_SECONDS = 5.0
"""How long a server may take to accept or reject a goal [s]."""
CANCEL_SECONDS = 5.0
"""How long a goal may take to end after it was cancelled [s]."""
GONE_SECONDS = 2.0
"""How long a server may be out of sight before it counts as gone [s]."""
_WHO = "The action"
_STAGES = 4
"""At most so many futures and handles lead from a goal to its result."""


class SentGoal(Protocol):
    """A goal under way."""

    def answer(self, seconds: float) -> Any:
        """The client's own result, waited for at most a time [s].

        Raises:
            RobotFault: The goal was rejected, the server is gone, or the result does not come.
        """

    def cancel(self) -> None:
        """Has the goal cancelled, and returns once it has ended.

        Raises:
            RobotFault: It is not known to have ended.
        """


def send(client: Any, goal: Any, waiting: Waiting) -> SentGoal:
    """Sends a goal in the client's way, without waiting for anything."""
    kinds: dict[str, Callable[[Any, Any, Waiting], SentGoal]] = {
        "rclpy": FutureGoal,
        "actionlib": WatchedGoal,
        "plain": HandledGoal,
    }
    return kinds[action_family(client)](client, goal, waiting)


class FutureGoal:
    """A goal of rclpy: a future of a handle, which may be rejected, and then a future of a result.

    The caller has to spin the node meanwhile, in a thread of its own.
    """

    def __init__(self, client: Any, goal: Any, waiting: Waiting):
        self._client, self._waiting = client, waiting
        self._acceptance = client.send_goal_async(goal)
        self._future: Any = None

    def answer(self, seconds: float) -> Any:
        handle = self._handle(ACCEPT_SECONDS)
        if not _accepted(handle):
            raise _rejected()
        self._future = handle.get_result_async()
        if not self._waiting.until(lambda: bool(self._future.done()) or self._gone(), seconds):
            raise _late(seconds)
        if not self._future.done():
            raise RobotFault("The action server is gone, and with it the result; nobody knows whether the arm has stopped.")
        return settled(self._future, _WHO, 0.0, self._waiting)

    def cancel(self) -> None:
        if self._future is not None and self._future.done():
            return
        handle = self._handle(CANCEL_SECONDS)
        if not _accepted(handle):
            return
        handle.cancel_goal_async()
        future = self._future or handle.get_result_async()
        if not self._waiting.until(lambda: bool(future.done()), CANCEL_SECONDS):
            raise _not_ended()

    def _handle(self, seconds: float) -> Any:
        if not self._waiting.until(lambda: bool(self._acceptance.done()), seconds):
            raise RobotFault(
                f"The action server neither accepted nor rejected the goal within {seconds:g} s. Is it there, and does a "
                "thread spin the client's node?"
            )
        handle = settled(self._acceptance, "Sending the goal", 0.0, self._waiting)
        if _accepted(handle) is None:
            raise RobotFault(f"The client answered {handle!r:.200}, which does not say whether the goal was accepted.")
        return handle

    def _gone(self) -> bool:
        ready = method(self._client, "server_is_ready")
        return ready is not None and not self._waiting.until(lambda: bool(ready()), GONE_SECONDS)


class WatchedGoal:
    """A goal of actionlib: the client is asked for the state and the result of the one goal that it has."""

    def __init__(self, client: Any, goal: Any, waiting: Waiting):
        self._client = client
        client.send_goal(goal)
        self._ended = Call(client.wait_for_result)

    def answer(self, seconds: float) -> Any:
        if not self._ended.within(seconds):
            raise _late(seconds)
        if self._ended.value() is False:
            raise RobotFault("The client gave up waiting for the action's result; nobody knows whether the arm has stopped.")
        text = method(self._client, "get_goal_status_text")
        status = {"status": self._client.get_state(), "text": "" if text is None else text()}
        return {"status": status, "result": self._client.get_result()}

    def cancel(self) -> None:
        if self._ended.within(0.0):
            return
        self._client.cancel_goal()
        if not self._ended.within(CANCEL_SECONDS):
            raise _not_ended()


class HandledGoal:
    """A goal of a client that has `send_goal` alone, which returns a result, a future of one, or a handle that gives one."""

    def __init__(self, client: Any, goal: Any, waiting: Waiting):
        self._client, self._waiting = client, waiting
        self._handle: Any = None
        self._call = Call(lambda: client.send_goal(goal))
        self._ended: Callable[[], bool] = lambda: self._call.within(0.0)

    def answer(self, seconds: float) -> Any:
        until = self._waiting.clock() + seconds
        answer = self._called(seconds)
        answer = self._client if answer is None else answer
        for _ in range(_STAGES):
            self._handle = answer
            answer = self._settled(answer, max(0.0, until - self._waiting.clock()))
            if _accepted(answer) is False:
                raise _rejected()
            get = method(answer, "get_result_async", "get_result", "result", "wait")
            if get is None:
                break
            self._handle, self._call = answer, Call(get)
            self._ended = lambda: self._call.within(0.0)
            told = self._called(max(0.0, until - self._waiting.clock()))
            if told is answer or method(answer, "get_result_async", "get_result", "result") is None:
                return answer  # It has told its end, and holds what came of it.
            answer = told
        return None if answer is self._client else answer

    def cancel(self) -> None:
        names = ("cancel_goal", "cancel", "cancel_all_goals")
        cancel = method(self._handle, *names) or method(self._client, *names)
        if cancel is not None:
            cancel()
        if not self._waiting.until(lambda: self._ended(), CANCEL_SECONDS):
            raise _not_ended()

    def _called(self, seconds: float) -> Any:
        if not self._call.within(seconds):
            raise _late(seconds)
        return self._call.value()

    def _settled(self, answer: Any, seconds: float) -> Any:
        done = method(answer, "done")
        if done is not None:
            self._ended = lambda: bool(done())
        return settled(answer, _WHO, seconds, self._waiting)


def _accepted(handle: Any) -> bool | None:
    """Return what a handle says; None if it says nothing."""
    accepted = field(handle, "accepted")
    return None if accepted is ABSENT else accepted is True


def _rejected() -> RobotFault:
    return RobotFault("The action server rejected the goal; nothing was moved.")


def _late(seconds: float) -> RobotFault:
    return RobotFault(f"The goal had no result after {seconds:.3g} s; it is cancelled.")


def _not_ended() -> RobotFault:
    return RobotFault(
        f"The goal was cancelled and did not end within {CANCEL_SECONDS:g} s: nobody knows whether the arm has stopped."
    )
