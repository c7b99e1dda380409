"""Answers of controllers, read so that only a clear success is one."""

from __future__ import annotations

import inspect
from numbers import Integral
from typing import Any

import numpy as np

from lmp.errors import RobotFault
from lmp.execution.hardware.shape_of_controller import ABSENT, field, method
from lmp.execution.hardware.waiting import Waiting

ERROR_CODES: dict[int, str] = {
    0: "SUCCESSFUL",
    -1: "INVALID_GOAL: the controller does not take such a goal",
    -2: "INVALID_JOINTS: the controller has other joints than the goal names; joints= maps the names",
    -3: "OLD_HEADER_TIMESTAMP: the goal came too late; the clocks of the two machines may differ",
    -4: "PATH_TOLERANCE_VIOLATED: the arm left the path by more than the controller allows",
    -5: "GOAL_TOLERANCE_VIOLATED: the arm did not arrive as near and as soon as the controller demands",
}
"""Of FollowJointTrajectory, as control_msgs defines it."""

SUCCEEDED = "succeeded"
ROS_1_STATUSES = (
    "pending",
    "active",
    "preempted",
    SUCCEEDED,
    "aborted",
    "rejected",
    "preempting",
    "recalling",
    "recalled",
    "lost",
)
"""By number, of actionlib_msgs/GoalStatus, which is a message with a `status` in it."""
ROS_2_STATUSES = ("unknown", "accepted", "executing", "canceling", SUCCEEDED, "canceled", "aborted")
"""By number, of action_msgs/GoalStatus, which stands as a plain number beside the result."""


def require_done(answer: Any, who: str, seconds: float, waiting: Waiting) -> None:
    """Passes if a function's answer says that it is done: None or True, or what `require_success` takes.

    A future is waited for, at most for a time [s].

    Raises:
        RobotFault: It says something else, or nothing that can be read as success.
    """
    answer = settled(answer, who, seconds, waiting)
    if answer is None or (isinstance(answer, bool | np.bool_) and answer):
        return
    if isinstance(answer, bool | np.bool_):
        raise RobotFault(f"{who} returned False, which says that it failed.")
    require_success(answer, who)


def require_success(answer: Any, who: str) -> None:
    """Passes if a result says clearly that it is a success: by `status`, `error_code`, `success`, or a gripper's fields.

    Raises:
        RobotFault: It says that it is none, or says nothing of it.
    """
    if answer is None:
        raise RobotFault(f"{who} ended without a result, so that nobody knows whether it succeeded.")
    wrapped = field(answer, "result")
    result = answer if wrapped is ABSENT else wrapped
    if result is None:
        raise RobotFault(f"{who} ended with no result in its answer ({answer!r:.200}): nobody knows whether it succeeded.")
    good, bad = _status(field(answer, "status"))
    for one in (_error_code(result), _success(result), _gripper(result)):
        good, bad = good + one[0], bad + one[1]
    if bad:
        said = field(result, "error_string", "error", "message")
        words = f" It says: {said}" if isinstance(said, str) and said else ""
        raise RobotFault(f"{who} did not succeed: {'; '.join(bad)}.{words}")
    if not good:
        raise RobotFault(
            f"{who} answered {answer!r:.200}, which does not say whether it succeeded. A result has an error_code, a status or "
            "success; a function returns None or True when it is done, and False or an exception when it failed."
        )


def settled(answer: Any, who: str, seconds: float, waiting: Waiting) -> Any:
    """The result of a future that came as an answer, waited for at most a time [s]; any other answer as it is.

    Raises:
        RobotFault: It does not end in that time, was cancelled, or is a coroutine, which nobody would run.
    """
    if inspect.iscoroutine(answer):
        answer.close()
        raise RobotFault(f"{who} returned a coroutine, which nothing runs: give a function that waits for it.")
    done, result = method(answer, "done"), method(answer, "result")
    if done is None or result is None:
        return answer
    if not waiting.until(lambda: bool(done()), seconds):
        raise RobotFault(f"{who} returned a future that was not done within {seconds:.3g} s.")
    cancelled = method(answer, "cancelled")
    if cancelled is not None and cancelled():
        raise RobotFault(f"{who} was cancelled.")
    return result()


Evidence = tuple[tuple[str, ...], tuple[str, ...]]
"""What speaks for success, and what against it."""


def _status(status: Any) -> Evidence:
    if status is ABSENT:
        return (), ()
    inner = field(status, "status")
    names, number, text = (ROS_2_STATUSES, status, "") if inner is ABSENT else (ROS_1_STATUSES, inner, field(status, "text"))
    if isinstance(number, str):
        name = number.strip().lower()
    elif isinstance(number, Integral) and not isinstance(number, bool):
        name = names[int(number)] if 0 <= int(number) < len(names) else f"unknown ({int(number)})"
    else:
        return (), (f"its status is {number!r:.80}, which is no status of an action",)
    if name == SUCCEEDED:
        return (name,), ()
    return (), (f"the goal is {name}" + (f" ({text})" if isinstance(text, str) and text else ""),)


def _error_code(result: Any) -> Evidence:
    code = field(result, "error_code")
    if code is ABSENT:
        return (), ()
    if isinstance(code, bool) or not isinstance(code, Integral):
        return (), (f"its error code is {code!r:.80}, which is no whole number",)
    if code == 0:
        return ("error code 0",), ()
    return (), (f"error code {int(code)}, {ERROR_CODES.get(int(code), 'which FollowJointTrajectory does not define')}",)


def _success(result: Any) -> Evidence:
    success = field(result, "success")
    if success is ABSENT:
        return (), ()
    if isinstance(success, bool | np.bool_):
        return (("success",), ()) if success else ((), ("it says success = False",))
    return (), (f"its success is {success!r:.80}, neither True nor False",)


def _gripper(result: Any) -> Evidence:
    """A gripper has done what it was told if it is there, or if something stopped its fingers."""
    ends = [end for end in (field(result, "reached_goal"), field(result, "stalled")) if isinstance(end, bool | np.bool_)]
    if not ends:
        return (), ()
    if any(ends):
        return ("reached or stalled",), ()
    return (), ("the gripper neither reached its goal nor stalled at something",)
