"""The registry of parts, as tables of names; a part is loaded when it is asked for.

Other packages add parts through entry points of a kind's group: ``lmp.planners``, ``lmp.skills``, ``lmp.worlds``,
``lmp.choosers``, ``lmp.gates``, ``lmp.wrappers``, ``lmp.commands``, ``lmp.options``. Planners, choosers and gates are also
found by ``python:MODULE:CLASS``.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from lmp.capabilities import need_part
from lmp.errors import LmpError, SetupFault, UnknownName, did_you_mean
from lmp.model_settings import ModelSettings
from lmp.schema.skill import SkillParameters, SkillSpec

PLANNERS = {"scripted": "lmp.planners.scripted.scripted_planner:ScriptedPlanner"}
SKILLS = {
    "pick": "lmp.primitives.skills.pick:PICK",
    "place": "lmp.primitives.skills.place:PLACE",
    "push": "lmp.primitives.skills.push:PUSH",
    "home": "lmp.primitives.skills.home:HOME",
}
CHOOSERS = {
    "first": "lmp.runtime.choosers:FirstThatCompiles",
    "best-margin": "lmp.runtime.choosers:BestMargin",
}
"""Parts that take one of several proposals; called with their settings."""
GATES = {
    "approval": "lmp.runtime.gates:ApprovalGate",
    "margin": "lmp.runtime.gates:MarginGate",
}
"""Parts that say whether a checked motion may begin; called with their settings."""
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
TABLES = {
    "planner": PLANNERS,
    "skill": SKILLS,
    "chooser": CHOOSERS,
    "gate": GATES,
    "world": WORLDS,
    "command": COMMANDS,
    "option": OPTIONS,
    "wrapper": WRAPPERS,
}
PYTHON = "python:"
"""A name that begins so goes on with a module and a class of it: `python:my_gate:MyGate`."""


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
    if name.startswith(PYTHON):
        return python_part(kind, name, name.removeprefix(PYTHON))
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


def rest(skills: Mapping[str, Any]) -> SkillParameters:
    """The primitive that brings the arm to its rest posture: of the first of the skills that does so.

    Raises:
        SetupFault: None does.
    """
    for name, skill in skills.items():
        if skill.spec.rests:
            parameters: SkillParameters = skill.spec.parameters(kind=name)
            return parameters
    raise SetupFault(f"None of the skills brings the arm to its rest posture: {', '.join(skills)}.")


def configured(kind: str, text: str) -> Any:
    """A chooser or a gate by its name and settings: `margin:clearance=0.01,velocity=0.8`, `python:my_gate:MyGate?limit=3`.

    Raises:
        UnknownName: There is none of that name.
        SetupFault: It cannot be loaded, or does not take the settings; says all that is wrong with them.
    """
    own = text.startswith(PYTHON)
    name, mark, said = text.partition("?" if own else ":")
    part = load(kind, name)
    options = dict[str, str]()
    for pair in said.replace("&", ",").split(",") if mark else ():
        key, equals, value = pair.partition("=")
        if not equals or key in options:
            raise SetupFault(f"The {kind} {text!r:.200}: settings are key=value,key=value, each once, got {pair!r:.80}.")
        options[key.strip()] = value.strip()
    given = read_options(part, options, f"The {kind} {text!r:.200}:", f"{name}{'?' if own else ':'}")
    try:
        made = part(**given)
    except LmpError:
        raise
    except Exception as error:
        raise SetupFault(f"The {kind} {text!r:.200} cannot be made: {type(error).__name__}: {error}") from error
    need_part(kind, made)
    return made


def read_options(part: Callable[..., Any], options: Mapping[str, str], said: str, example: str) -> dict[str, Any]:
    """The options of a part as it takes them: by name, read as its annotations say.

    Args:
        part: A class or a function.
        options: What was said.
        said: The beginning of a complaint.
        example: What stands before an option where it is said.

    Raises:
        SetupFault: It takes no such option, or one cannot be read; says all of them.
    """
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    parameters = inspect.signature(part).parameters.values()
    taken = {each.name: each for each in parameters if each.kind in named}
    hints = get_type_hints(part.__init__ if inspect.isclass(part) else part) if options else {}
    read, complaints = dict[str, Any](), list[str]()
    for name, text in options.items():
        if name not in taken:
            known = f"Its options: {', '.join(taken)}." if taken else "It takes none."
            complaints.append(f"It has no option {name!r}.{did_you_mean(name, taken)} {known}")
            continue
        try:
            read[name] = TypeAdapter(hints.get(name, str)).validate_strings(text)
        except ValidationError as error:
            complaints.append(f"{name} = {text!r}: {error.errors()[0]['msg']}.")
    missing = [name for name, each in taken.items() if each.default is each.empty and name not in options]
    complaints += [f"It needs the option {name}: {example}{name}=..." for name in missing]
    if complaints:
        raise SetupFault(f"{said} {' '.join(complaints)}")
    return read


def python_part(kind: str, whole: str, rest: str) -> Any:
    """The class or function of `MODULE:CLASS`. Modules are looked for where Python does, then in the present folder.

    Args:
        kind: What it is, for messages.
        whole: The address as it was said, for messages.
        rest: The module and the class.

    Raises:
        SetupFault: The module cannot be imported, or has no such class.
    """
    module_name, _, name = rest.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        words = f"{type(error).__name__}: {error}"
        raise SetupFault(f"The {kind} {whole}: the module {module_name!r} cannot be imported from {here}: {words}") from error
    found = vars(module).get(name)
    if not callable(found):
        parts = list(vars(module).items())  # Lazy objects of some modules load others when they are looked at.
        made = [key for key, part in parts if issubclass(type(part), type) and part.__module__ == module.__name__]
        if not name:
            raise SetupFault(
                f"The {kind} {whole} goes on with a class: python:{module_name}:CLASS. Known: {', '.join(made) or 'none'}."
            )
        raise UnknownName(f"class of {module_name}", name, made)
    return found


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


def check_deciding(choose: str, gates: Iterable[str]) -> None:
    """Raises what is wrong with the names and settings of a chooser and of gates, before anything is opened for them."""
    configured("chooser", choose)
    for gate in gates:
        configured("gate", gate)


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
