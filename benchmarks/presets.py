"""How the presets `textbook` and `lmp-2602.02839` do in whole episodes: how each ends, and why.

Run: python benchmarks/presets.py --first 0 --seeds 5 --world pybullet
You see: a line an episode with the outcome, replans, and the notes and complaints of its motions; then a table. Each preset
goes straight, lifted by three weights half way, asked to take one second, and with large weights near the end.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, get_args

from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.registry import known, load
from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world
from lmp.schema.episode import Episode
from lmp.schema.motion import Preset, Weights
from lmp.schema.plan import Refusal
from lmp.schema.verdict import Verdict

INSTRUCTION = "put the red block in the bowl"
STRAIGHT = (0.0,) * 11
CASES: dict[str, tuple[tuple[float, ...], float | None]] = {
    "straight": (STRAIGHT, None),
    "lifted": ((0.0,) * 4 + (0.05,) * 3 + (0.0,) * 4, None),
    "in 1 s": (STRAIGHT, 1.0),
    "late": ((0.0,) * 7 + (0.3,) * 4, None),
}
"""Weights upwards [m] and requested duration [s]."""


class WithPreset(ScriptedPlanner):
    """The scripted planner, with the same requests for every free motion.

    Args:
        skills: Of the registry.
        requests: Fields that each primitive is given.
    """

    def __init__(self, skills: Any, **requests: Any):
        super().__init__(skills)
        self._requests = requests

    def propose(self, *args: Any, **kwargs: Any) -> Any:
        """The scripted planner's proposals with the requests."""
        answer = super().propose(*args, **kwargs)
        if isinstance(answer, Refusal):
            return answer
        return tuple(one.model_copy(update={"primitive": one.primitive.model_copy(update=self._requests)}) for one in answer)


def why(episode: Episode) -> str:
    """Notes and complaints of the last attempt, in words."""
    said = []
    for attempt in episode.attempts:
        compiled = attempt.compiled
        if isinstance(compiled, Verdict):
            said += [f"{one.segment}: {one.code} {one.value} of {one.limit} {one.unit}" for one in compiled.violations]
        elif compiled is not None:
            said += compiled.notes
    return "; ".join(dict.fromkeys(said)) or str(episode.error or "")


def main() -> None:
    """Runs the episodes and prints how they ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--seeds", type=int, default=5, help="how many seeds for each preset and case")
    parser.add_argument("--world", default="pybullet", help="engine: pybullet or kinematic")
    given = parser.parse_args()
    skills = {name: load("skill", name).spec for name in known("skill")}
    ends: Counter[tuple[str, str, str]] = Counter()
    for preset in get_args(Preset)[1:]:
        for name, (row, duration) in CASES.items():
            path = Weights(preset=preset, x=STRAIGHT, y=STRAIGHT, z=row)
            planner = WithPreset(skills, path=path, duration=duration)
            for seed in range(given.first, given.first + given.seeds):
                with open_world(f"{given.world}:tabletop", seed=seed) as world, tempfile.TemporaryDirectory() as folder:
                    episode = Agent(world, planner).run(INSTRUCTION, out=Path(folder) / "run")
                ends[preset, name, episode.outcome.value] += 1
                print(f"{preset} {name} {seed}: {episode.outcome.value}, {episode.replans} replans; {why(episode)}", flush=True)
    for (preset, name, outcome), count in sorted(ends.items()):
        print(f"{preset:15} {name:9} {outcome:24} {count}")


if __name__ == "__main__":
    main()
