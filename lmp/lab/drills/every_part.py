"""Loads what a run needs, so that processes that are forked afterwards start at once."""

from __future__ import annotations

from contextlib import suppress

from lmp import registry
from lmp.errors import SetupFault
from lmp.lab.drills import errand
from lmp.runtime.running import run

__all__ = ["errand", "run"]

registry.load("world", "kinematic")
with suppress(SetupFault):  # PyBullet may not be there; whoever asks for its world hears so then.
    registry.load_parts("scripted")
