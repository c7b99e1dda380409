"""Rendering, tried out: the simulator's cameras, which need no display, and its window, which does."""

from __future__ import annotations

import ctypes.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from lmp.diagnosis.child import asked_of_a_child
from lmp.diagnosis.finding import Finding

SECONDS = 120.0
"""How long the picture may take [s]; a cold start from a slow disk included."""
FLATTEST = 1.0
"""Least standard deviation of the colours of a picture that shows something [of 255]."""
LOOK = """
import json, time
from lmp.runtime.worlds import open_world
from lmp.schema.observation import IMAGES
with open_world("tabletop") as world:
    begin = time.perf_counter()
    frames = world.observe(IMAGES).frames
    seconds = time.perf_counter() - begin
    print(json.dumps({
        "seconds": seconds, "objects": len(world.scene().objects),
        "pictures": [[frame.name, *frame.rgb.shape[1::-1], float(frame.rgb.std())] for frame in frames],
    }))
"""


def picture_findings() -> Iterator[Finding]:
    """Findings on the cameras of the simulator, whether they see something, and on whether a window could open."""
    yield _cameras()
    yield _window()


def _cameras() -> Finding:
    answer = asked_of_a_child(LOOK, SECONDS)
    if isinstance(answer, str):
        return _finding("simulator and cameras", "problem", answer[:500], "The world of the simulator does not open.", True)
    flat = [name for name, _, _, spread in answer["pictures"] if spread < FLATTEST]
    if flat or not answer["pictures"]:
        found = f"nothing is to be seen in: {', '.join(flat) or 'no camera'}"
        return _finding("simulator and cameras", "problem", found, "The simulator's own renderer does not work.", True)
    names = ", ".join(f"{name} {width}x{height}" for name, width, height, _ in answer["pictures"])
    found = f"PyBullet draws without a display: {names}, in {answer['seconds']:.2f} s"
    return Finding(topic="pictures", name="simulator and cameras", state="ok", found=found[:1000], needed=True)


def _window() -> Finding:
    library = ctypes.util.find_library("GL") or ctypes.util.find_library("OpenGL")
    if sys.platform.startswith("linux"):
        display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        if not display:
            means = "lmp run --gui cannot open its window; everything else works without one."
            return _finding("window (--gui)", "missing", "there is no display", means)
        if display.startswith(":") and not Path(f"/tmp/.X11-unix/X{display[1:].partition('.')[0]}").exists():
            means = "DISPLAY names a screen that nobody serves: lmp run --gui cannot open its window."
            return _finding("window (--gui)", "problem", "the display does not answer", means)
    if library is None:
        return _finding("window (--gui)", "problem", "OpenGL is not installed", "lmp run --gui cannot open its window.")
    return Finding(topic="pictures", name="window (--gui)", state="ok", found="there is a display and OpenGL")


def _finding(name: str, state: str, found: str, means: str, needed: bool = False) -> Finding:
    todo = (
        "See the message; pip install --force-reinstall lmp-robotics, with Python 3.11, repairs most."
        if needed
        else "If you want it: start a display (or ssh -X, or xvfb-run), set DISPLAY, install OpenGL."
    )
    fields = {"topic": "pictures", "name": name, "state": state, "found": found, "means": means, "todo": todo}
    return Finding.model_validate({**fields, "needed": needed})
