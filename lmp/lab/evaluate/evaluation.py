"""Runs many episodes, in parallel processes if asked for; every result is kept as soon as it is there."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from lmp import registry
from lmp.errors import RobotFault, SetupFault
from lmp.lab.disturbances.kinds import DISTURBANCES
from lmp.lab.disturbances.request import parse_disturbance
from lmp.lab.evaluate.episode import Job, run_episode
from lmp.lab.evaluate.ledger import Ledger
from lmp.lab.evaluate.result import Result, Settings
from lmp.lab.evaluate.sabotage import Sabotage
from lmp.lab.evaluate.source import InstructionSource, OwnTask, Source, read_sources
from lmp.lab.evaluate.summary import Summary, summarize
from lmp.model_settings import ModelSettings
from lmp.robots.robot_file import load_robot
from lmp.runtime.worlds import check_world

OnResult = Callable[[Result, int, int], None]
Run = Callable[[Job], Result]

EVERY_KIND = "all"
"""Stands for every kind of disturbance in turn."""


def evaluate(
    sources: str | Path | Iterable[str | Source] | None,
    seeds: Iterable[int],
    *,
    workers: int = 1,
    world: str = "tabletop",
    robot: str | None = None,
    planner: str = "scripted",
    model: ModelSettings | None = None,
    disturb: str | None = None,
    sabotage: str | None = None,
    results: str | Path | None = None,
    out: str | Path | None = None,
    on_result: OnResult | None = None,
    run: Run = run_episode,
) -> Summary:
    """Runs every source with every seed and says what came out.

    An evaluation that was stopped goes on where it was when it is called again with the same `results`.

    Args:
        sources: A file of instructions, a task file, a task's name, a set of them ("tasks", "audit"), or a list of instructions
            and sources; None for the task that the world itself brings.
        seeds: Seeds of the worlds.
        workers: Processes; 1 runs everything in this one.
        world: Address of the world of all that name none; its engine opens the scenes of those that name one.
        robot: Robot, for a world that does not bring its own.
        planner: Planner.
        model: How a planner that asks a model asks it.
        disturb: What goes wrong in each episode, as ``KIND`` or ``KIND:AMOUNT``; "all" for every kind in turn.
        sabotage: What is spoilt before each verification; the truth is then that of the instant after it.
        results: JSON lines file of the results.
        out: Folder that keeps the run folders; by default none is kept.
        on_result: Told each result, how many there are, and how many there will be.
        run: Carries out one job.

    Returns:
        The summary; `complete` is False if Ctrl-C ended it before its end.

    Raises:
        SetupFault: Wrong use: no seeds, no workers, a bad file, an unknown name.
        RobotFault: A worker process died; what was done until then is in `results`.
    """
    seeds = list(seeds)
    if not seeds or workers < 1:
        raise SetupFault(f"An evaluation needs a seed and a worker; {len(seeds)} seeds and {workers} workers came.")
    shared = Settings(world=world, robot=robot, planner=planner, sabotage=sabotage, model=model)
    each = [shared.model_copy(update={"disturb": kind}) for kind in _kinds(disturb)]
    kept, listed = None if out is None else str(Path(out).resolve()), _listed(sources)
    jobs = [Job(source=source, seed=seed, settings=one, out=kept) for one in each for source in listed for seed in seeds]
    _check(jobs)
    return _evaluate(jobs, workers, run, None if results is None else Path(results), on_result)


def _evaluate(jobs: list[Job], workers: int, run: Run, results: Path | None, on_result: OnResult | None) -> Summary:
    ledger = Ledger(results)
    keys = {job.key: job for job in jobs}
    waiting = [job for key, job in keys.items() if key not in ledger.results]
    done, complete = len(keys) - len(waiting), True
    try:
        for result in _carried_out(waiting, workers, run):
            ledger.add(result)
            done += 1
            if on_result is not None:
                on_result(result, done, len(keys))
    except KeyboardInterrupt:
        complete = False
    found = [ledger.results[key] for key in keys if key in ledger.results]
    return summarize(found, complete=complete, path=None if results is None else str(results))


def _kinds(disturb: str | None) -> list[str | None]:
    """The kinds of disturbance, one after the other.

    Raises:
        UnknownName, SetupFault: It is not one.
    """
    if disturb == EVERY_KIND:
        return [*DISTURBANCES]
    return [None if disturb is None else str(parse_disturbance(disturb)) if ":" in disturb else disturb]


def _listed(sources: str | Path | Iterable[str | Source] | None) -> list[Source]:
    if sources is None:
        return [OwnTask()]
    if isinstance(sources, str | Path):
        return list(read_sources(sources))
    listed = [InstructionSource(instruction=source) if isinstance(source, str) else source for source in sources]
    if not listed:
        raise SetupFault("An evaluation needs an instruction or a task; none came.")
    return listed


def _check(jobs: list[Job]) -> None:
    """Wrong names are told before anything starts, not once an episode."""
    settings = jobs[0].settings
    if settings.robot is not None:
        load_robot(settings.robot)
    for world in sorted({job.world for job in jobs}):
        check_world(world)
    if settings.sabotage is not None:
        Sabotage(settings.sabotage, 0)
    if settings.disturb is not None:
        parse_disturbance(settings.disturb)
    registry.load("planner", settings.planner)


def _carried_out(jobs: list[Job], workers: int, run: Run) -> Iterator[Result]:
    if workers == 1 or len(jobs) <= 1:
        for job in jobs:
            yield run(job)
        return
    yield from _in_processes(jobs, min(workers, len(jobs)), run)


def _in_processes(jobs: list[Job], workers: int, run: Run) -> Iterator[Result]:
    """Results as they come. After Ctrl-C the running episodes bring their arms to rest and the others are not begun."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin_worker) as pool:
        try:
            waiting: set[Future[Result | None]] = {pool.submit(_work, run, job) for job in jobs}
            while waiting:
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                stopped = False
                # What was done beside one that broke or was stopped is kept.
                for future in sorted(finished, key=lambda future: future.exception() is not None):
                    result = future.result()
                    stopped = stopped or result is None
                    if result is not None:
                        yield result
                if stopped:
                    raise KeyboardInterrupt
        except BrokenProcessPool as error:
            raise RobotFault("A worker process died; the results so far are kept, call again to go on.") from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _begin_worker() -> None:
    """Between episodes a worker leaves Ctrl-C to the process that started it; it computes with one thread."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["OMP_NUM_THREADS"] = "1"


def _work(run: Run, job: Job) -> Result | None:
    """One episode; None if Ctrl-C stopped it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return run(job)
    except KeyboardInterrupt:
        return None
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
