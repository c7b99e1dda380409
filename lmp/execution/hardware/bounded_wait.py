"""Waits for something that may never come back, and not longer than a time."""

from __future__ import annotations

import threading
from collections.abc import Callable


def ends_within(seconds: float, call: Callable[[], object]) -> bool:
    """Calls it in a thread of its own; True if it ended in that time [s], and what it raised is raised here.

    What does not end goes on in its thread, which does not keep the program from ending.
    """
    raised: list[BaseException] = []

    def run() -> None:
        try:
            call()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, name="lmp-controller", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        return False
    if raised:
        raise raised[0]
    return True
