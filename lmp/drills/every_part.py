"""Loads what a run needs, so that processes that are forked afterwards start at once."""

from __future__ import annotations

from contextlib import suppress

from lmp import catalogue
from lmp.drills import errand
from lmp.errors import SetupFault
from lmp.running import run

__all__ = ["errand", "run"]

catalogue.load("world", "kinematic")
with suppress(SetupFault):  # PyBullet may not be there; whoever asks for its world hears so then.
    catalogue.load_parts("scripted")
