"""Hours of mixed work in one process, with disturbances and kills; what it holds is sampled after every turn."""

from __future__ import annotations

import shutil
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from lmp.errors import LmpError, SetupFault
from lmp.lab.drills.errand import Answer, begin, go_on
from lmp.lab.drills.life import Life, prepare, read_answer
from lmp.lab.drills.pulse import take_pulse
from lmp.lab.drills.soak_result import SoakSummary, Told, TurnResult, summarize
from lmp.lab.drills.turn import WORLDS, Turn, draw_turn
from lmp.record import RunFolder
from lmp.record.check import check
from lmp.record.recognising import has_lines

POLL_SECONDS = 0.02
"""How often it is looked whether a run has begun [s]."""

OnTurn = Callable[[TurnResult], None]


def soak(
    minutes: float,
    *,
    seed: int = 0,
    worlds: tuple[str, ...] = WORLDS,
    out: str | Path | None = None,
    results: str | Path | None = None,
    on_turn: OnTurn | None = None,
) -> SoakSummary:
    """Does mixed work for a while and says how it went and what grew.

    Args:
        minutes: How long; the turn that is under way then is ended [min].
        seed: Seed of everything that is drawn.
        worlds: Worlds that are drawn from.
        out: Folder that keeps the run folders; by default none is kept.
        results: JSON lines file that gets every turn.
        on_turn: Told each turn.

    Raises:
        SetupFault: Wrong use, or a system without /proc.
    """
    if not 0.0 < minutes <= 1e5:
        raise SetupFault(f"A soak lasts more than 0 and at most 100000 minutes, got {minutes}.")
    rng, begun, done, complete = np.random.default_rng(seed), time.monotonic(), list[TurnResult](), True
    with _folders(out) as (runs, temporary):
        try:
            while time.monotonic() - begun < 60.0 * minutes:
                turn = draw_turn(rng, len(done), worlds)
                told = _told(turn, runs / f"{len(done):06d}")
                if out is None:
                    shutil.rmtree(runs / f"{len(done):06d}", ignore_errors=True)
                pulse = take_pulse(time.monotonic() - begun, runs, temporary)
                done.append(TurnResult(index=len(done), turn=turn, told=told, pulse=pulse))
                _keep(done[-1], results)
                if on_turn is not None:
                    on_turn(done[-1])
        except KeyboardInterrupt:
            complete = False
    return summarize(done, time.monotonic() - begun, complete, None if results is None else str(results))


@contextmanager
def _folders(out: str | Path | None) -> Iterator[tuple[Path, Path]]:
    """Make the folder of the runs, and an empty one for all temporary files meanwhile, so that what is left there is seen."""
    prepare()  # Its files stay as long as this process does.
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="lmp-soak-") as folder:
        runs, temporary = Path(folder) / "runs" if out is None else Path(out), Path(folder) / "temporary"
        runs.mkdir(parents=True, exist_ok=True)
        if any(runs.iterdir()):
            raise SetupFault(f"The folder {str(runs)!r} has something in it; name an empty or a new one with --out.")
        temporary.mkdir()
        tempfile.tempdir = str(temporary)
        try:
            yield runs, temporary
        finally:
            tempfile.tempdir = before


def _keep(result: TurnResult, results: str | Path | None) -> None:
    if results is not None:
        path = Path(results)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(result.model_dump_json() + "\n")


def _told(turn: Turn, run: Path) -> Told:
    """Carries one turn out; whatever breaks is told, and does not end the soak."""
    try:
        return _here(turn, run) if turn.kill_after is None else _killed(turn, run)
    except LmpError as error:
        return Told(complaint=f"{type(error).__name__}: {error}"[:2000])
    except Exception:
        return Told(fault=traceback.format_exc()[-2000:])


def _here(turn: Turn, run: Path) -> Told:
    answer = begin(turn.errand, run, pictures=turn.pictures, report=turn.report)
    return Told(answer=answer, broken=_broken(run, answer))


def _killed(turn: Turn, run: Path) -> Told:
    """In a process that is killed; this process goes on with what is left."""
    assert turn.kill_after is not None
    paper = run.with_suffix(".answer")
    life = Life(turn.errand, run, again=False, answer=paper, pictures=turn.pictures)
    process = life.start()
    try:
        while process.is_alive() and not _has_begun(run):
            process.join(POLL_SECONDS)
        process.join(turn.kill_after)
        process.kill()
        process.join()
        killed = process.exitcode != 0
    finally:
        process.kill()
        process.join()
        process.close()
    try:
        said = read_answer(paper)
    finally:
        paper.unlink(missing_ok=True)
    if isinstance(said, str):
        return Told(fault=said[-2000:])
    if said is not None:
        return Told(answer=said, broken=_broken(run, said))
    if not _has_begun(run):
        return Told(answer=begin(turn.errand, _fresh(run), pictures=turn.pictures, report=False), killed=killed)
    broken = check(run).faults
    answer = go_on(turn.errand, run)
    return Told(answer=answer, killed=killed, resumed=True, broken=tuple(broken) + _broken(run, answer))


def _has_begun(run: Path) -> bool:
    """True if there is anything to go on with; before that nothing was moved, and the errand simply begins again."""
    return has_lines(run) and RunFolder.open(run).begun


def _fresh(run: Path) -> Path:
    shutil.rmtree(run, ignore_errors=True)
    return run


def _broken(run: Path, answer: Answer) -> tuple[str, ...]:
    return () if answer.skipped is not None else tuple(check(run).faults)
