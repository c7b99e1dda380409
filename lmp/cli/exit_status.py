"""The exit statuses of the process."""

from __future__ import annotations

from lmp.schema.episode import Episode
from lmp.schema.outcome import Outcome

SUCCEEDED, FAILED, REFUSED, BROKEN, NOTHING_DONE, INTERRUPTED = 0, 1, 2, 3, 4, 130


def exit_status(episode: Episode) -> int:
    """The status that tells how an episode ended.

    0: verified success, or a plan that can be carried out. 1: moved without success. 2: refused before any motion.
    3: the robot, the world, the record or standard output failed. 4: nothing was moved, and only a model says that nothing was
    to do. 130: stopped by a person or a signal.
    """
    match episode.outcome:
        case Outcome.SUCCEEDED:
            return SUCCEEDED if episode.verified else FAILED
        case Outcome.PLANNED:
            return SUCCEEDED
        case Outcome.ROBOT_FAILED | Outcome.RECORD_FAILED:
            return BROKEN
        case Outcome.NOTHING_DONE:
            return NOTHING_DONE
        case Outcome.INTERRUPTED:
            return INTERRUPTED
        case _:
            return FAILED if any(attempt.execution is not None for attempt in episode.attempts) else REFUSED
