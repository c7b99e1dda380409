"""The registry of parts, as tables of names; a part is loaded when it is asked for.

Other packages add parts through entry points of a kind's group: ``lmp.planners``, ``lmp.skills``, ``lmp.worlds``,
``lmp.wrappers``, ``lmp.commands``, ``lmp.options``.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache, partial
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from lmp.errors import SetupFault, UnknownName
from lmp.model_settings import ModelSettings
from lmp.schema.skill import SkillSpec

PLANNERS = {"scripted": "lmp.planners.scripted.scripted_planner:ScriptedPlanner"}
SKILLS = {
    "pick": "lmp.primitives.skills.pick:PICK",
    "place": "lmp.primitives.skills.place:PLACE",
    "push": "lmp.primitives.skills.push:PUSH",
    "home": "lmp.primitives.skills.home:HOME",
}
WORLDS = {
    "pybullet": "lmp.sims.scenes.engines:PYBULLET",
    "kinematic": "lmp.sims.scenes.engines:KINEMATIC",
    "python": "lmp.runtime.python_world:PYTHON",
}
"""What opens worlds, by the name that their addresses begin with."""
COMMANDS = {
    "run": "lmp.cli.run_command:run",
    "plan": "lmp.cli.run_command:plan",
    "repl": "lmp.cli.repl_command:repl",
    "resume": "lmp.cli.resume_command:resume",
    "show": "lmp.cli.show_command:show",
    "runs": "lmp.cli.runs_command:GROUP",
    "evaluate": "lmp.lab.commands.evaluate_command:evaluate",
    "soak": "lmp.lab.commands.soak_command:soak",
    "worlds": "lmp.cli.list_commands:WORLDS",
    "robots": "lmp.cli.robots_command:ROBOTS",
    "planners": "lmp.cli.list_commands:PLANNERS",
    "skills": "lmp.cli.list_commands:SKILLS",
    "prompts": "lmp.cli.prompts_command:PROMPTS",
    "doctor": "lmp.cli.doctor_command:doctor",
    "warmup": "lmp.cli.warmup_command:warmup",
}
"""Commands of `lmp`: a function with typer's annotations, or a group of such functions."""
OPTIONS = {"run.disturb": "lmp.lab.commands.disturb_option:disturb"}
"""Options that are added to commands from outside, as `command.option`."""
WRAPPERS = {"disturb": "lmp.lab.disturbances.disturbed_world:DisturbedWorld"}
"""Options that every address of a world takes: what wraps the open world, called with it and the option's text."""
PLAN = "plan:"
"""A planner's name that begins so goes on with a plan file: `plan:/path/plan.json` carries out what stands in it."""
MODELS = {
    "openai": ("MODEL", "lmp.planners.model.opening:openai_planner"),
    "anthropic": ("MODEL", "lmp.planners.model.opening:anthropic_planner"),
    "transformers": ("FOLDER", "lmp.planners.model.opening:transformers_planner"),
    "replay": ("RUN", "lmp.planners.model.opening:replay_planner"),
}
"""Planners that ask a model: the name goes on with a colon and what is listed first; how they are opened."""
TABLES = {"planner": PLANNERS, "skill": SKILLS, "world": WORLDS, "command": COMMANDS, "option": OPTIONS, "wrapper": WRAPPERS}


def known(kind: str) -> dict[str, str]:
    """Names of all parts of a kind, with where each is found; ours first, then those of other packages."""
    found = dict(TABLES[kind])
    for point in _of_other_packages(kind):
        found.setdefault(point.name, point.value)
    return found


@cache
def _of_other_packages(kind: str) -> tuple[EntryPoint, ...]:
    """Read once: each reading of a folder that has changed since is kept by `importlib.metadata` for good."""
    return tuple(entry_points(group=f"lmp.{kind}s"))


def load(kind: str, name: str) -> Any:
    """The part itself.

    Raises:
        UnknownName: There is none of that name; says which come near.
        SetupFault: It is listed and cannot be imported.
    """
    if kind == "planner" and name.startswith(PLAN):
        return partial(_plan_file_planner, name.removeprefix(PLAN))
    begins, colon, rest = name.partition(":")
    if kind == "planner" and begins in MODELS:
        what, place = MODELS[begins]
        if not rest:
            raise SetupFault(f"The planner {name!r} needs a {what.lower()}: {begins}:{what}.")
        return partial(_imported(kind, name, place), rest)
    table = known(kind)
    if name not in table:
        opened = [f"{first}:{what}" for first, (what, _) in MODELS.items()] if kind == "planner" else []
        near = [f"{first}:{rest}" for first in MODELS] if colon else []
        raise UnknownName(kind, name, near or [*table, *opened])
    return _imported(kind, name, table[name])


def planner(name: str, skills: Mapping[str, SkillSpec], settings: ModelSettings | None = None) -> Any:
    """A planner by name, for these skills; the settings are for one that asks a model.

    Raises:
        UnknownName: There is none of that name.
        SetupFault: It cannot be loaded or opened.
    """
    part = load("planner", name)
    return part(skills, settings) if asks_model(name) else part(skills)


def asks_model(planner: str) -> bool:
    """True if a planner's name is that of one that asks a model."""
    return planner.partition(":")[0] in MODELS


def _imported(kind: str, name: str, place: str) -> Any:
    module, _, attribute = place.partition(":")
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise SetupFault(f"The {kind} {name!r} is listed as {place!r} and cannot be loaded: {error}") from error


def name_of(kind: str, part: object) -> str:
    """The name under which the part's class is listed; the class's own where it is not."""
    place = f"{type(part).__module__}:{type(part).__qualname__}"
    return next((name for name, listed in known(kind).items() if listed == place), type(part).__name__)


def _plan_file_planner(path: str, skills: Mapping[str, SkillSpec]) -> Any:
    from lmp.planners.plan_file.plan_file_planner import PlanFilePlanner

    return PlanFilePlanner.open(Path(path), skills)


def load_parts(planner: str) -> None:
    """Loads what a run needs, which takes a second, so that it need not be loaded in the middle of it."""
    for kind, name in (("planner", planner), *(("skill", skill) for skill in known("skill"))):
        load(kind, name)
    for part in (
        "primitives.compiler.compiler",
        "primitives.compiler.world_model",
        "execution.executor",
        "meaning.geometric_verifier",
    ):
        importlib.import_module(f"lmp.{part}")
