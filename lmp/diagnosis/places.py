"""The places where a run would be written down: the folder, the locks, the room on the disk."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lmp.diagnosis.finding import Finding
from lmp.errors import LmpError
from lmp.record import RunFolder
from lmp.record.check import check

ENOUGH, LITTLE = 1_000_000_000, 50_000_000
"""Room for some hundred runs, and hardly for one [byte]."""


def place_findings(runs: Path) -> Iterator[Finding]:
    """Writes a small record where runs go, checks it, and removes it again."""
    there = _existing(runs)
    yield _record(runs, there)
    yield _room(there)


def _existing(path: Path) -> Path:
    """The folder itself, or the nearest one above it that exists."""
    whole = path.absolute()
    return next((place for place in (whole, *whole.parents) if place.is_dir()), Path(whole.anchor))


def _record(runs: Path, there: Path) -> Finding:
    try:
        with tempfile.TemporaryDirectory(prefix=".lmp-doctor-", dir=there) as folder:
            out = Path(folder) / "run"
            RunFolder.create(out, "doctor").close()
            faults = check(out).faults
    except (OSError, LmpError) as error:
        faults = [getattr(error, "strerror", None) or str(error)]
    shown = str(runs)
    if not faults:
        where = "" if there == runs.absolute() else "; it will be made with the first run"
        return Finding(topic="places", name="run folders", state="ok", found=f"{shown} can be written to{where}", needed=True)
    return Finding(
        topic="places",
        name="run folders",
        state="problem",
        found=f"{shown}: {faults[0]}"[:1000],
        means="A run that cannot be recorded is not made.",
        todo="Go to a folder that you may write to, or name one with --out.",
        needed=True,
    )


def _room(there: Path) -> Finding:
    try:
        free = shutil.disk_usage(there).free
    except OSError as error:
        return Finding(topic="places", name="disk", state="problem", found=str(error.strerror), means="Its room is not known.")
    found = f"{free / 1e9:.1f} GB are free"
    if free >= ENOUGH:
        return Finding(topic="places", name="disk", state="ok", found=found, needed=True)
    todo = "Make room: lmp runs prune --keep 20 --yes removes old runs."
    means = "A run takes some megabytes; a full disk stops it."
    state = "problem" if free < LITTLE else "ok"
    return Finding.model_validate(
        {"topic": "places", "name": "disk", "state": state, "found": found, "means": means, "todo": todo, "needed": True}
    )
