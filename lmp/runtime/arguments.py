"""Wrong use, refused in words before anything is opened, recorded or moved."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping

from lmp.capabilities import need_part, robot_capabilities, robot_moved_by, world_capabilities
from lmp.errors import SetupFault, did_you_mean, need
from lmp.model_settings import ModelSettings
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.stages import Executor, World

MAX_INSTRUCTION = 2000
"""Longest instruction that a record takes [characters]."""


def check_instruction(instruction: str) -> None:
    """Raises a SetupFault for what is no instruction, or too long a one."""
    if not isinstance(instruction, str):
        raise SetupFault(f"An instruction is a text, got {type(instruction).__name__}.")
    if any("\ud800" <= sign <= "\udfff" for sign in instruction):
        raise SetupFault(f"An instruction is text; this one holds bytes that are not UTF-8: {instruction!r:.120}.")
    if len(instruction) > MAX_INSTRUCTION:
        raise SetupFault(f"An instruction has at most {MAX_INSTRUCTION} characters, this one has {len(instruction)}.")


_STAGE_ARGUMENTS: dict[str, tuple[type, str]] = {
    "scene": (Scene, "a Scene, as `perceive` returns it"),
    "before": (Scene, "the Scene before the motion, as `perceive` returns it"),
    "after": (Scene, "the Scene after the motion, as `perceive` returns it"),
    "subgoal": (Subgoal, "a Subgoal, one of those that `decompose` returns"),
    "primitive": (SkillParameters, "a primitive, as `ground` returns it"),
}


def check_stage(**given: object) -> None:
    """Raises a SetupFault for what a stage cannot take, such as the Refusal of the stage before."""
    for name, value in given.items():
        if isinstance(value, Refusal):
            raise SetupFault(f"{name} takes {_STAGE_ARGUMENTS[name][1]}, got its refusal: {value.message}")
        need(name, value, *_STAGE_ARGUMENTS[name])


def check_parts(world: object, planner: object, model: object, skills: object, **others: object) -> None:
    """Raises a SetupFault for what an agent cannot be made of; of the others, None is no part."""
    if isinstance(world, str):
        raise SetupFault(
            f"world takes an open world, got the address {world!r:.80}: open it with lmp.open_world({world!r:.80})."
        )
    need_part("world", world)
    if not isinstance(planner, str):
        need_part("planner", planner)
    need("model", model, (ModelSettings, type(None)), "a lmp.model_settings.ModelSettings")
    need("skills", skills, (Mapping, type(None)), "skills by their names, such as {'hover': HoverSkill()}")
    for name, skill in (skills or {}).items() if isinstance(skills, Mapping) else ():
        need_part("skill", skill, f"skills[{name!r:.60}]")
    for kind, part in others.items():
        if part is not None:
            need_part(kind, part)


def check_options(of: str, functions: tuple[Callable[..., object], ...], options: Mapping[str, object], agent: type) -> None:
    """Raises a SetupFault for keyword arguments that no function takes; says what comes near, or that an agent takes it."""
    kinds = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = [each for function in functions for each in inspect.signature(function).parameters.values()]
    known = tuple(dict.fromkeys(each.name for each in parameters if each.kind in kinds and each.name != "self"))
    for name in options:
        if name not in known and name in inspect.signature(agent).parameters:
            raise SetupFault(f"{of} takes no {name}=; lmp.Agent does: lmp.Agent(world, {name}=...).run(instruction).")
        if name not in known:
            raise SetupFault(f"{of} takes no {name}=.{did_you_mean(name, known)} Known: {', '.join(known)}.")


def check_approval(world: World, executor: Executor, approve: object) -> None:
    """Raises a SetupFault where something real would move and nobody is asked."""
    robots = (world.robot, robot_moved_by(executor, world))
    if approve is None and not world_capabilities(world).simulated:
        raise SetupFault(
            "This world is real, since it does not declare `simulated = True`: pass approve=, a function that is asked "
            "before each motion."
        )
    if approve is None and not all(robot_capabilities(robot).simulated for robot in robots):
        raise SetupFault(
            "This robot does not declare `simulated = True`, so that it counts as not simulated: pass approve=, a function "
            "that is asked before each motion."
        )


def check_functions(**given: object) -> None:
    """Raises a SetupFault for what cannot be called where a function is taken."""
    for name, function in given.items():
        if function is not None and not callable(function):
            raise SetupFault(f"{name}= takes a function {FUNCTIONS[name]}, got {function!r:.80}.")


FUNCTIONS = {
    "approve": "that is asked before each motion",
    "ask": "that is asked where a person could help",
    "before_verify": "that is called before each verification, with the world and the subgoal",
}
