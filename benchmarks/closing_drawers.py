"""How well a drawer is closed by its front: what is left of its range, and whether what was in it still is.

Run: python benchmarks/closing_drawers.py --first 0 --seeds 20 --world pybullet
You see: a line a seed with the outcome, how far the drawer was open before and after [mm], and what is in it; then how many
are closed, hold all that they held, and succeeded.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from lmp.meaning.conditions.joints import JointShare
from lmp.meaning.relations import contents
from lmp.planners.plan_file.plan_file_planner import PlanFilePlanner
from lmp.primitives.skills.push import PUSH, PushParameters
from lmp.primitives.skills.push_parameters import JointGoal
from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world
from lmp.schema.outcome import Outcome
from lmp.schema.plan_file import PlanFile, PlannedSubgoal
from lmp.schema.skill import RecordedParameters
from lmp.sims.oracle_perceiver import OraclePerceiver

CABINET, DRAWER = "cabinet", "top_drawer"
CLOSED = 0.03
"""Largest share of its range by which a closed drawer is open [dimensionless]."""


def plan() -> PlanFile:
    """One push of the drawer's joint to its lower end."""
    primitive = PushParameters(object=CABINET, joint=JointGoal(name=DRAWER, share=0.0))
    push = PlannedSubgoal(
        description="close the drawer by its front",
        primitive=RecordedParameters.model_validate(primitive.model_dump(mode="json")),
        objects=(CABINET,),
        success=(JointShare(object=CABINET, joint=DRAWER, most=CLOSED),),
    )
    return PlanFile(instruction="close the top drawer", world="cabinet", subgoals=(push,))


def main() -> None:
    """Runs the seeds and prints what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--seeds", type=int, default=20, help="how many seeds")
    parser.add_argument("--world", default="pybullet", help="engine: pybullet or kinematic")
    given = parser.parse_args()
    closed, kept, succeeded = 0, 0, 0
    for seed in range(given.first, given.first + given.seeds):
        with open_world(f"{given.world}:cabinet", seed=seed) as world, tempfile.TemporaryDirectory() as folder:
            look = OraclePerceiver(world)
            before = look.perceive(world.observe())
            episode = Agent(world, PlanFilePlanner(plan(), {"push": PUSH.spec})).run(
                "close the top drawer", out=Path(folder) / "run"
            )
            after = look.perceive(world.observe())
        start, end = (scene.get(CABINET).joint(DRAWER) for scene in (before, after))
        stayed = contents(before, CABINET) == contents(after, CABINET)
        done = (end.share or 0.0) <= CLOSED
        closed, kept, succeeded = closed + done, kept + stayed, succeeded + (episode.outcome is Outcome.SUCCEEDED)
        left = f"{1e3 * (end.value or 0.0):.2f} mm ({100 * (end.share or 0.0):.1f} % of its range)"
        inside = ", ".join(contents(after, CABINET)) or "nothing"
        print(f"{seed}: {episode.outcome.value}, open {1e3 * (start.value or 0.0):.1f} mm, then {left}, in it {inside}")
    print(f"{given.seeds} drawers: {closed} closed to {100 * CLOSED:.0f} %, {kept} with all in them, {succeeded} succeeded")


if __name__ == "__main__":
    main()
