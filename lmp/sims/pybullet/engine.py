"""One PyBullet engine: the one access to the library, the numbers of its physics, and its output kept off the terminal."""

from __future__ import annotations

import functools
import importlib
import math
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from lmp.errors import SetupFault

MOST = 2000
"""Part of the output that is told [bytes]."""


@contextmanager
def silence() -> Iterator[Callable[[], str]]:
    """Until its end, standard output and standard error of the whole process go to a file; yields what tells its text."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = {number: os.dup(number) for number in (1, 2)}
    with tempfile.TemporaryFile() as file:
        try:
            for number in kept:
                os.dup2(file.fileno(), number)
            yield lambda: " ".join(os.pread(file.fileno(), MOST, 0).decode("utf-8", "replace").split())
        finally:
            for number, copy in kept.items():
                os.dup2(copy, number)
                os.close(copy)


def _imported() -> ModuleType:
    """PyBullet, without the line that it writes to standard error when it is loaded."""
    sys.stderr.flush()
    kept, quiet = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 2)
    try:
        return importlib.import_module("pybullet")
    except ModuleNotFoundError as missing:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SetupFault(
            "PyBullet is not installed: pip install 'pybullet>=3.2.6'. It has wheels for CPython 3.10 and 3.11 only; this is "
            f"Python {version}. Use Python 3.11, or world='kinematic'."
        ) from missing
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(quiet)


pybullet = _imported()

PHYSICS_HZ = 480.0
"""Fewest physics steps a second. At 240 a block of 40 g trembles by 0.3 mm between the fingers; at 480 it is still."""
SOLVER_ITERATIONS = 100
"""Enough for the chain finger, block, finger and for towers of four; 50 lets a tower creep."""
GRAVITY = 9.81


class Engine:
    """A PyBullet client. Every function of the library is a method that talks to this client alone.

    Attributes:
        substeps: Physics steps in a control tick.
        timestep: Length of a physics step [s].
    """

    def __init__(self, gui: bool, rate_hz: float):
        if not (math.isfinite(rate_hz) and 1.0 <= rate_hz <= 2000.0):
            raise SetupFault(f"rate_hz has to lie between 1 and 2000 Hz, got {rate_hz}.")
        if gui and sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            raise SetupFault("A window was asked for and there is no display: leave `gui` out, or set DISPLAY.")
        self.client = pybullet.connect(pybullet.GUI if gui else pybullet.DIRECT)
        if self.client < 0:
            raise SetupFault(
                "PyBullet did not start: " + ("is there a display for the window?" if gui else "too many clients?")
            )
        self.substeps = max(1, math.ceil(PHYSICS_HZ / rate_hz - 1e-9))
        self.timestep = 1.0 / (rate_hz * self.substeps)
        self.setGravity(0.0, 0.0, -GRAVITY)
        self.setPhysicsEngineParameter(
            fixedTimeStep=self.timestep,
            numSolverIterations=SOLVER_ITERATIONS,
            numSubSteps=0,
            deterministicOverlappingPairs=1,
        )
        if gui:
            self.configureDebugVisualizer(pybullet.COV_ENABLE_GUI, 0)
            self.resetDebugVisualizerCamera(1.3, 60.0, -30.0, [0.4, 0.0, 0.1])

    def __getattr__(self, name: str) -> Any:
        value = getattr(pybullet, name)
        if callable(value) and self.client < 0:
            raise SetupFault("This world is closed: open it again, with `open_world` for one.")
        return functools.partial(value, physicsClientId=self.client) if callable(value) else value

    def close(self) -> None:
        """Ends the client; a second time does nothing."""
        if self.client >= 0:
            pybullet.disconnect(physicsClientId=self.client)
            self.client = -1
