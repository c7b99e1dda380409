"""The resources of a long-lived process: memory, handles, threads, children, simulators, locks and left files."""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Annotated

from pydantic import Field

from lmp.errors import SetupFault
from lmp.record import claiming
from lmp.schema.base import Model

MAX_CLIENTS = 64
"""PyBullet numbers its clients below this [count]."""
MEBIBYTE = 2.0**20

Count = Annotated[int, Field(ge=0)]


class Pulse(Model):
    """One sample.

    Attributes:
        since: When, from the start of the soak.
    """

    since: Annotated[float, Field(ge=0.0, description="wall time since the beginning [s]")]
    memory: Annotated[float, Field(ge=0.0, description="resident memory, without what waits to be used again [MiB]")]
    peak: Annotated[float, Field(ge=0.0, description="most resident memory so far [MiB]")]
    handles: Count = Field(description="open file handles [count]")
    threads: Count = Field(description="threads [count]")
    children: Count = Field(description="child processes [count]")
    clients: Count = Field(description="connected PyBullet clients [count]")
    figures: Count = Field(description="open matplotlib figures [count]")
    locks: Count = Field(description="run folders that are still claimed [count]")
    left: Count = Field(description="files left in the temporary folder [count]")


def take_pulse(since: float, runs: Path, temporary: Path) -> Pulse:
    """Measure what this process holds now.

    Args:
        since: Wall time since the beginning [s].
        runs: Where the run folders are.
        temporary: The folder of its temporary files.

    Raises:
        SetupFault: The system has no /proc.
    """
    _give_back()
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        # The listing itself holds one.
        handles = len(list(Path("/proc/self/fd").iterdir())) - 1
        threads = len(list(Path("/proc/self/task").iterdir()))
    except OSError as error:
        raise SetupFault("A soak reads /proc/self, which Linux alone has.") from error
    return Pulse(
        since=since,
        memory=pages * os.sysconf("SC_PAGE_SIZE") / MEBIBYTE,
        peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0 / MEBIBYTE,
        handles=handles,
        threads=threads,
        children=_children(),
        clients=_clients(),
        figures=_figures(),
        locks=len(list(runs.glob(f"*/{claiming.LOCK}"))),
        left=len(list(temporary.iterdir())),
    )


def _give_back() -> None:
    """Returns to the system what waits for the collector, or to be used again: that is no leak, and hides small ones."""
    gc.collect()
    with suppress(AttributeError, OSError):  # Only the GNU library has it.
        ctypes.CDLL(None).malloc_trim(0)


def _children() -> int:
    own = Path(f"/proc/self/task/{threading.main_thread().native_id}/children")
    return len(own.read_text().split()) if own.is_file() else 0


def _clients() -> int:
    pybullet = sys.modules.get("pybullet")
    if pybullet is None:
        return 0
    return sum(bool(pybullet.getConnectionInfo(client)["isConnected"]) for client in range(MAX_CLIENTS))


def _figures() -> int:
    plots = sys.modules.get("matplotlib.pyplot")
    return 0 if plots is None else len(plots.get_fignums())
