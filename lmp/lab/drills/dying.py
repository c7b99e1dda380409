"""Has this very process killed at its moment, with SIGKILL: nothing can be done about it, nothing is tidied up.

It puts itself before functions of the library, in a process that was started to die; the library knows nothing of it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NoReturn, assert_never

from lmp.lab.drills import deaths
from lmp.lab.drills.deaths import AtTime, InMotion, InStage, InWriting

CHECKPOINT_SECONDS = 0.004
"""A checkpoint is written in about this time [s]."""


def die() -> NoReturn:
    """Ends this process at once."""
    while True:
        os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(1.0)  # The signal may take a moment.


def doom(death: deaths.Death, life: ModuleType) -> None:
    """Lets this process die at that moment, if it ever comes; `life` is the module whose `approving` asks a person."""
    match death:
        case InStage():
            _in_stage(death, life)
        case InMotion():
            _in_motion(death)
        case InWriting() if death.file == "checkpoints.sqlite":
            _in_checkpoint(death)
        case InWriting():
            _in_line(death) if death.file in deaths.LINES else _in_file(death)
        case AtTime():
            pass  # The process that started this one kills it.
        case _:
            assert_never(death)


def _in_stage(death: InStage, life: ModuleType) -> None:
    import lmp.runtime.loop
    from lmp.record import RunFolder
    from lmp.runtime.flow.steps import Steps

    owner: Any = {"create": RunFolder, "resume": RunFolder, "approve": lmp.runtime.loop, "asked": life}.get(death.node, Steps)
    name = {"approve": "approve_motion", "asked": "approving"}.get(death.node, death.node)
    original, seen = getattr(owner, name), 0

    def doomed(*args: Any, **options: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen != death.visit:
            return original(*args, **options)
        sys.setprofile(_counting(death.calls))
        try:
            return original(*args, **options)
        finally:
            die()

    setattr(owner, name, staticmethod(doomed) if owner is RunFolder else doomed)


def _counting(calls: int) -> Callable[[FrameType, str, object], None]:
    left = calls

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal left
        if event in ("call", "c_call"):
            left -= 1
            if left < 0:
                die()

    return count


def _in_motion(death: InMotion) -> None:
    from lmp.runtime.flow.following import Following

    follow, ticked, seen, mine = Following.follow, Following.ticked, 0, False

    def doomed(self: Following, trajectory: Any, subgoal: Any = None, plan: Any = ()) -> Any:
        nonlocal seen, mine
        kind = (subgoal is None) == death.rest
        seen += kind
        mine = kind and seen == death.visit
        if mine and death.fraction < 0.0:
            die()
        result = follow(self, trajectory, subgoal, plan)
        if mine:
            die()
        return result

    def tick(self: Following, fraction: float) -> None:
        if mine and fraction >= death.fraction:
            die()
        ticked(self, fraction)

    Following.follow, Following.ticked = doomed, tick  # type: ignore[method-assign]


def _in_line(death: InWriting) -> None:
    """In the middle of a line, or with the whole line written and not yet on the disk."""
    write, seen = os.write, 0

    def doomed(handle: int, data: Any) -> int:
        nonlocal seen
        if _open_file(handle).name == death.file:
            seen += 1
            if seen == death.visit:
                write(handle, bytes(data)[: round(death.share * len(data))])
                die()
        return write(handle, data)

    vars(os).update(write=doomed)


def _in_file(death: InWriting) -> None:
    """While a file is written under another name, entered, and put in its place."""
    fsync, replace, seen, placed = os.fsync, os.replace, 0, 0

    def doomed(handle: int) -> None:
        nonlocal seen
        path = _open_file(handle)
        if path.parent.name == death.file and path.name.endswith(".part"):
            seen += 1
            if seen == death.visit and death.moment == "bytes":
                os.truncate(path, round(death.share * path.stat().st_size))
                die()
            if seen == death.visit and death.moment == "written":
                fsync(handle)
                die()
        fsync(handle)

    def put(source: Any, goal: Any, **options: Any) -> None:
        nonlocal placed
        mine = Path(goal).parent.name == death.file
        placed += mine
        if mine and placed == death.visit and death.moment == "entered":
            die()
        replace(source, goal, **options)
        if mine and placed == death.visit and death.moment == "placed":
            die()

    vars(os).update(fsync=doomed, replace=put)


def _in_checkpoint(death: InWriting) -> None:
    """While SQLite writes; a thread waits for its moment, since no function of ours runs then."""
    import lmp.runtime.loop

    saver: Any = vars(lmp.runtime.loop)["SqliteSaver"]
    put, seen = saver.put, 0

    def wait() -> None:
        time.sleep(death.share * CHECKPOINT_SECONDS)
        die()

    def doomed(*args: Any, **options: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == death.visit:
            threading.Thread(target=wait, daemon=True).start()
        return put(*args, **options)

    saver.put = doomed


def _open_file(handle: int) -> Path:
    return Path(f"/proc/self/fd/{handle}").readlink()
