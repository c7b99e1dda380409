"""Run a sentence: one call plans, checks, moves, verifies and records.

    python examples/01_run_a_sentence.py

You see the outcome, each subgoal with the planner's reasoning, and the run folder with its report.
"""

import lmp

episode = lmp.run("put the red block in the bowl", world="tabletop", seed=3)

print(f"{episode.outcome.value}: {episode.outcome.message}")
for subgoal in episode.subgoals:
    print(f"- {subgoal.description} ({subgoal.skill}, {subgoal.attempts} attempt(s))")
    print(f"  because {subgoal.reasoning}")
print(f"record: {episode.run}")
