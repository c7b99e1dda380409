"""Loads what a run needs, so that processes that are forked afterwards start at once."""

from __future__ import annotations

from contextlib import suppress

from lmp import registry
from lmp.errors import SetupFault
from lmp.lab.drills import errand
from lmp.lab.drills.turn import WORLDS
from lmp.runtime.agent import run
from lmp.runtime.worlds import check_world

__all__ = ["errand", "run"]

registry.load_parts("scripted")
for address in WORLDS:
    with suppress(SetupFault):  # PyBullet may not be there; a caller that asks for its world hears so then.
        check_world(address)
