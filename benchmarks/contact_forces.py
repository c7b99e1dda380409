"""What normal execution exerts: the largest contact force beside the grip, per skill and segment, over many episodes.

Run: python benchmarks/contact_forces.py --seeds 20
You see: for each skill and segment the number of ticks, the median, the 99th percentile and the maximum over episodes of the
largest force and of the largest that lasted [N], who pressed on what, the longest time that a finger was off what it
carried [ms]. The skills' force limits are margins over this.
"""

from __future__ import annotations

import argparse
import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from lmp.execution.executor import StreamingExecutor
from lmp.execution.monitoring.watches import LASTING
from lmp.lab.tasks.filling import FilledTask, fill
from lmp.lab.tasks.loader import load_task, task_names
from lmp.lab.truth.truth_snapshot import Snapshot
from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world
from lmp.schema.evidence import Touch
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Refusal
from lmp.schema.scene import Scene
from lmp.schema.trajectory import JointTrajectory
from lmp.sims.pybullet.pybullet_world import PyBulletWorld
from lmp.sims.world_report import world_report

SENTENCES = (
    "stack all the blocks",
    "put all the blocks in the bowl",
    "move the bowl 10 cm to the left",
    "put the bowl in the middle of the table",
    "push the red block 8 cm to the right",
    "push the bowl 10 cm forward",
    "sort the blocks by colour",
    "put the red block on the blue block, then put the blue block in the bowl",
)


@dataclass
class Row:
    """What one segment of one skill exerted, an entry an episode."""

    ticks: int = 0
    peaks: list[float] = field(default_factory=list)
    lasting: list[float] = field(default_factory=list)
    who: list[str] = field(default_factory=list)
    off: list[int] = field(default_factory=list)


def episodes(seeds: range) -> Iterator[tuple[PyBulletWorld, str]]:
    """Open worlds, each with an instruction that its scene allows."""
    for seed, name in itertools.product(seeds, task_names()):
        task = load_task(name)
        with open_world(task.world or "tabletop", seed=seed) as world:
            filled = fill(task, Snapshot(world.scene_file, world_report(world)), seed)
            if isinstance(filled, FilledTask):
                yield world, filled.instruction
    for seed, sentence in itertools.product(seeds, SENTENCES):
        with open_world("tabletop", seed=seed) as world:
            yield world, sentence


def carry_out(world: PyBulletWorld, instruction: str, rows: dict[tuple[str, str], Row]) -> str:
    """One pass over the plan, each subgoal once; the word for how it ended."""
    felt: list[Touch] = []
    agent = Agent(world)
    executor = StreamingExecutor(
        world.robot, world.rate_hz, lambda _: felt.append(world.touch()), touch=world.touch, look=agent.perceive
    )
    plan = agent.decompose(instruction, agent.perceive())
    if isinstance(plan, Refusal):
        return "refused"
    for subgoal in plan:
        scene = agent.perceive()
        primitive = agent.ground(subgoal, scene)
        if isinstance(primitive, Refusal):
            return "refused"
        compiled = agent.compile(primitive, scene)
        if not isinstance(compiled, JointTrajectory):
            return "infeasible"
        felt.clear()
        ended = executor.execute(compiled)
        after = agent.perceive()
        note(compiled, felt, world.rate_hz, scene, rows)
        if ended.outcome is not Outcome.SUCCEEDED:
            return ended.message if ended.evidence is None else str(ended.evidence)
        if agent.verify(subgoal, scene, after).outcome is not Outcome.SUCCEEDED:
            return "not verified"
    return "succeeded"


def note(
    trajectory: JointTrajectory, felt: list[Touch], rate_hz: float, scene: Scene, rows: dict[tuple[str, str], Row]
) -> None:
    """Adds what was felt in each segment."""
    window = max(1, int(np.ceil(LASTING * rate_hz)))
    times = np.minimum(np.arange(1, len(felt) + 1) / rate_hz, trajectory.duration)
    for segment in trajectory.segments:
        inside = [touch for t, touch in zip(times, felt, strict=True) if segment.start < t <= segment.end + 1e-9]
        if not inside:
            continue
        row = rows[trajectory.skill, segment.name]
        forces = np.array([touch.force for touch in inside])
        row.ticks += len(inside)
        row.peaks.append(float(forces.max()))
        runs = np.lib.stride_tricks.sliding_window_view(forces, window) if len(forces) >= window else forces[:, None]
        row.lasting.append(float(runs.min(axis=1).max()))
        hardest = inside[int(forces.argmax())]
        row.who.append(f"{hardest.link} on {hardest.against}")
        if segment.carries is not None:
            off = [touch.fingers.get(segment.carries, 0) < 2 and touch.gripped != segment.carries for touch in inside]
            row.off.append(max((len(list(run)) for lost, run in itertools.groupby(off) if lost), default=0))


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description="Largest contact forces of normal execution")
    arguments.add_argument("--seeds", type=int, default=5)
    arguments.add_argument("--first", type=int, default=0)
    wanted = arguments.parse_args()
    rows: dict[tuple[str, str], Row] = defaultdict(Row)
    endings: dict[str, int] = defaultdict(int)
    for world, instruction in episodes(range(wanted.first, wanted.first + wanted.seeds)):
        ending = carry_out(world, instruction, rows)
        endings[ending.split(":")[0][:40]] += 1
        if ending not in ("succeeded", "refused", "infeasible"):
            print(f"seed {world.spec.seed}, {world.spec}, {instruction!r}: {ending}")
    print(dict(endings))
    print(f"{'skill':6} {'segment':9} {'count':>5} {'median':>7} {'p99':>7} {'max':>7} {'lasting':>8} {'off ms':>7}  hardest")
    for (skill, segment), row in sorted(rows.items()):
        peaks, hardest = np.array(row.peaks), row.who[int(np.argmax(row.peaks))]
        off = max(row.off, default=0) * 1000 / 240
        print(
            f"{skill:6} {segment:9} {len(peaks):5} {np.median(peaks):7.2f} {np.percentile(peaks, 99):7.2f} {peaks.max():7.2f} "
            f"{max(row.lasting):8.2f} {off:7.0f}  {hardest}"
        )


if __name__ == "__main__":
    main()
