"""The questions whose requests are shown: one run in small, its text from the kinematic world, its pictures from PyBullet.

The kinematic world's numbers are the same on every machine. It has no cameras, so the same trajectories are followed in a
PyBullet world beside it, whose pictures go along.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import lmp
from lmp.meaning.failures import MISSED_GRASP
from lmp.model_settings import ModelSettings
from lmp.planners.model.model_planner import ModelPlanner
from lmp.planners.model.openai_client import OpenAIClient
from lmp.planners.model.questions.correct import asked_to_correct
from lmp.planners.model.request import Request
from lmp.planners.model.unsent_client import NotSent, UnsentClient
from lmp.runtime.flow.lending import lend
from lmp.schema.episode import Attempt, History
from lmp.schema.evidence import Evidence
from lmp.schema.findings import Execution
from lmp.schema.observation import IMAGES
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillSpec
from lmp.schema.trajectory import JointTrajectory
from lmp.stages import World

INSTRUCTION, SCENE, SEED = "put the red block in the bowl", "tabletop", 3


def requests() -> dict[str, Request]:
    """The request of every prompt, by the prompt's name, in the order in which a run asks."""
    with lmp.open_world(f"kinematic:{SCENE}", seed=SEED) as world, lmp.open_world(SCENE, seed=SEED) as seen:
        return _asked(lmp.Agent(world), seen, lmp.Agent(seen))


def _asked(agent: lmp.Agent, seen: World, twin: lmp.Agent) -> dict[str, Request]:
    planner, at_once = (
        ModelPlanner(UnsentClient(OpenAIClient("MODEL", ModelSettings())), _specs(agent), ModelSettings(one_call=one_call))
        for one_call in (False, True)
    )
    for asking in (planner, at_once):
        lend(replace(agent.stages, planner=asking))
    first = _look(agent, seen)
    pick, place = agent.decompose(INSTRUCTION, first)
    found = {
        "decompose": _request(lambda: planner.decompose(INSTRUCTION, first)),
        "plan": _request(lambda: at_once.decompose(INSTRUCTION, first)),
    }
    found["correct"] = _request(
        lambda: asked_to_correct(planner, pick, (_missed(agent, pick, first),), first, _look(agent, seen))
    )
    done = _carried_out(agent, twin, pick, first)
    lifted = _look(agent, seen)
    history = History(first_scene=first, attempts=(done,))
    found["ground"] = _request(lambda: planner.propose(place, lifted, history))
    _carried_out(agent, twin, place, lifted)
    found["verify"] = _request(lambda: planner.held(place, lifted, _look(agent, seen)))
    return {name: found[name] for name in ("decompose", "ground", "correct", "verify", "plan")}


def _specs(agent: lmp.Agent) -> dict[str, SkillSpec]:
    return {name: skill.spec for name, skill in agent.skills.items()}


def _look(agent: lmp.Agent, seen: World) -> Scene:
    return agent.perceive().model_copy(update={"frames": seen.observe(IMAGES).frames})


def _request(ask: Callable[[], object]) -> Request:
    try:
        ask()
    except NotSent as unsent:
        return unsent.request
    raise AssertionError("every question is sent")


def _carried_out(agent: lmp.Agent, twin: lmp.Agent, subgoal: lmp.Subgoal, before: Scene) -> Attempt:
    primitive = agent.ground(subgoal, before)
    compiled = agent.compile(primitive, before)
    assert isinstance(compiled, JointTrajectory)
    execution = agent.execute(compiled)
    twin.execute(compiled)
    verification = agent.verify(subgoal, before, agent.perceive())
    return Attempt(
        subgoal=subgoal, primitive=primitive, execution=execution, verification=verification, outcome=verification.outcome
    )


def _missed(agent: lmp.Agent, subgoal: lmp.Subgoal, scene: Scene) -> Attempt:
    """A grasp that closed beside its object, as a monitor would tell it."""
    evidence = Evidence(signal="grip_empty", value=0.0, limit=1.0, unit="1", t=2.99, segment="lift", about=subgoal.objects[0])
    execution = Execution(
        outcome=MISSED_GRASP,
        message=str(evidence),
        duration=3.0,
        tracking_error=0.0,
        gripper_width=0.0,
        evidence=evidence,
    )
    return Attempt(
        subgoal=subgoal,
        primitive=agent.ground(subgoal, scene),
        execution=execution,
        outcome=MISSED_GRASP,
        message=str(evidence),
    )
