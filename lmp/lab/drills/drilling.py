"""Many drills, so many for each stage, beside the same errands without a kill."""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from lmp.errors import BadFile, SetupFault, UnknownName
from lmp.lab.drills.deaths import STAGES
from lmp.lab.drills.drill import Drill, Show, drill
from lmp.lab.drills.errand import Errand
from lmp.lab.evaluate.source import Source, read_sources

FIRST_SEED = 5000
SEEDS = 50
"""Seeds that are tried until one has a task of that kind [count]."""

OnDrill = Callable[[Drill], None]


def kill_drills(
    kills: int,
    *,
    world: str = "pybullet:tabletop",
    stages: Sequence[str] = STAGES,
    sources: Sequence[Source] | None = None,
    workers: int = 1,
    results: Path | None = None,
    show: Show = lambda path: "",
    on_drill: OnDrill | None = None,
) -> tuple[Drill, ...]:
    """Carries out the errands in peace, then once for each stage with kills.

    Args:
        kills: Drills for each stage [count].
        world: Address of the world.
        stages: Rows of `STAGES`.
        sources: What is asked for, in turn; by default all tasks.
        workers: Processes at a time.
        results: JSON lines file; what is in it already is not done again.
        show: Shows a record, as `lmp show` does; says what is wrong with that, or nothing.
        on_drill: Told each drill.

    Raises:
        SetupFault: Wrong use, or an unknown stage.
        BadFile: The results cannot be read.
    """
    for stage in stages:
        if stage not in STAGES:
            raise UnknownName("stage", stage, STAGES)
    if kills < 1 or workers < 1:
        raise SetupFault(f"Drills need a kill and a worker; {kills} kills and {workers} workers came.")
    listed = list(read_sources("tasks") if sources is None else sources)
    done = _read(results)
    with tempfile.TemporaryDirectory(prefix="lmp-drills-") as folder:
        runner = _Runner(world, Path(folder), results, show, on_drill, done)
        with ThreadPoolExecutor(workers) as pool:
            peace = list(pool.map(lambda index: runner.peaceful(listed[index % len(listed)], index), range(kills)))
            work = [(stage, index, peace[index]) for index in range(kills) for stage in stages]
            found = list(pool.map(lambda job: runner.drilled(*job), work))
    return (*peace, *found)


class _Runner:
    def __init__(
        self, world: str, folder: Path, results: Path | None, show: Show, on_drill: OnDrill | None, done: dict[str, Drill]
    ):
        self.world, self.folder, self.results, self.show = world, folder, results, show
        self.on_drill, self.done = on_drill, done

    def peaceful(self, source: Source, index: int) -> Drill:
        """The errand of that number, carried out in peace: that of the first seed which has such a task."""
        for attempt in range(SEEDS):
            errand = Errand(world=self.world, source=source, seed=FIRST_SEED + SEEDS * index + attempt)
            found = self._one(errand, "", f"{self.world} none {index} {attempt}", 0.0)
            if found.told is None or found.told.skipped is None:
                return found
        raise SetupFault(f"None of {SEEDS} seeds has a task like {source.label!r}.")

    def drilled(self, stage: str, index: int, peace: Drill) -> Drill:
        """The same errand with kills."""
        seconds = 5.0 if peace.told is None else peace.told.seconds
        return self._one(peace.errand, stage, f"{self.world} {stage} {index}", seconds)

    def _one(self, errand: Errand, stage: str, key: str, seconds: float) -> Drill:
        if key in self.done:
            return self.done[key]
        rng = np.random.default_rng([errand.seed, zlib.crc32(key.encode())])
        found = drill(errand, stage, key, self.folder / key.replace(" ", "-"), seconds, self.show, rng)
        self.done[key] = found
        if self.results is not None:
            self.results.parent.mkdir(parents=True, exist_ok=True)
            with self.results.open("a", encoding="utf-8") as file:
                file.write(found.model_dump_json() + "\n")
                file.flush()
                os.fsync(file.fileno())
        if self.on_drill is not None:
            self.on_drill(found)
        return found


def _read(path: Path | None) -> dict[str, Drill]:
    """The drills of a file by key; a last line that was cut off counts as not there."""
    if path is None or not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    try:
        found = [Drill.model_validate_json(line) for line in _whole(lines)]
    except ValueError as error:
        raise BadFile(str(path), [f"It is no file of drills: {str(error)[:200]}"]) from error
    if lines and not lines[-1].endswith("\n"):
        path.write_text("".join(_whole(lines)), encoding="utf-8")
    return {one.key: one for one in found}


def _whole(lines: Iterable[str]) -> Iterator[str]:
    return (line for line in lines if line.endswith("\n"))
