"""Plans an instruction, or looks at a plan once more; nothing moves."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from lmp.capabilities import planner_capabilities
from lmp.repl.current_plan import CurrentPlan, Step
from lmp.runtime.agent import Agent
from lmp.runtime.carrying_out import Heading, check_instruction, models_used, planned_episode
from lmp.runtime.flow.planning import decomposed, plan_that_compiles, preview
from lmp.runtime.flow.run_state import Pending
from lmp.schema.episode import Episode
from lmp.schema.plan import Refusal, Subgoal
from lmp.sims.world_report import world_report
from lmp.stages import Planner


def plan(agent: Agent, instruction: str) -> CurrentPlan:
    """Plan an instruction with the agent's planner in the world as it is now; a model's planner has to have its backing."""
    check_instruction(instruction)
    started, scene = time.perf_counter(), agent.perceive()
    answer = decomposed(agent.stages.planner, instruction, scene, None)
    seen: list[Pending] = []
    if not isinstance(answer, Refusal):
        answer, seen = plan_that_compiles(agent.stages, instruction, answer, scene, None)
    episode = _episode(agent, instruction, answer, seen, started)
    subgoals = () if isinstance(answer, Refusal) else answer
    steps = _steps(subgoals, seen, agent.stages.planner)
    feasible = episode.error is None
    return CurrentPlan(instruction, steps, episode, feasible, waiting=feasible and bool(steps))


def looked_at(agent: Agent, current: CurrentPlan, planner: Planner) -> CurrentPlan:
    """The steps that are still to be done, compiled in the world as it is now; the plan with how that looks."""
    stages = replace(agent.stages, planner=planner)
    started, scene = time.perf_counter(), agent.perceive()
    answer = decomposed(planner, current.instruction, scene, None)
    subgoals: Sequence[Subgoal] = () if isinstance(answer, Refusal) else answer
    seen = preview(stages, subgoals, scene)
    episode = _episode(agent, current.instruction, answer, seen, started)
    steps = list(current.steps)
    for index, entry in enumerate(seen, start=current.next):
        if index < len(steps) and steps[index].primitive is None and not entry.before.predicted:
            steps[index] = Step(steps[index].subgoal, entry.primitive)
    return replace(current, steps=tuple(steps), episode=episode, feasible=episode.error is None)


def _steps(subgoals: Sequence[Subgoal], seen: Sequence[Pending], planner: Planner) -> tuple[Step, ...]:
    """The steps; what a model's planner only drafted, on a scene that nobody has seen, is left to the model."""
    can = planner_capabilities(planner)
    asks = can.asks_model is not None and not (can.settings is not None and can.settings.one_call)
    primitives = [None if asks and entry.before.predicted else entry.primitive for entry in seen]
    primitives += [None] * (len(subgoals) - len(primitives))
    return tuple(Step(subgoal, primitive) for subgoal, primitive in zip(subgoals, primitives, strict=True))


def _episode(
    agent: Agent, instruction: str, answer: tuple[Subgoal, ...] | Refusal, seen: Sequence[Pending], started: float
) -> Episode:
    world = agent.world
    robot = world.robot.description.name
    heading = Heading(instruction, str(world.spec), world.spec.seed, robot, agent.planner_name)
    models = models_used(agent.stages.planner)
    return planned_episode(heading, answer, seen, time.perf_counter() - started, world_report(world), models)
