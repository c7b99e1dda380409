"""Worlds of Python modules: `python:MODULE:CLASS`."""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FunctionType, ModuleType

from lmp.errors import SetupFault, did_you_mean, raised_at
from lmp.schema.world_spec import WorldSpec
from lmp.stages import WorldFactory, WorldScheme

MOST = 12
"""Largest number of names that are listed of a module which does not say what opens worlds [count]."""


def class_of(spec: WorldSpec) -> WorldFactory:
    """The class or function of an address. Modules are looked for where Python does, then in the present folder.

    Raises:
        SetupFault: The module cannot be imported, or has no such class or function.
    """
    module_name, _, name = spec.read_address.rest.partition(":")
    module = _imported(spec, module_name)
    found: WorldFactory | None = vars(module).get(name)
    if callable(found):
        return found
    made, known = _opening(module)
    if not name:
        raise SetupFault(f"The world {spec} goes on with a class or function: python:{module_name}:CLASS. {known}")
    what = f"is of type {type(found).__name__}" if name in vars(module) else f"is not in {module_name}"
    raise SetupFault(f"The world {spec}: {name!r} {what}; a class or function is needed.{did_you_mean(name, made)} {known}")


def _imported(spec: WorldSpec, name: str) -> ModuleType:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    try:
        return importlib.import_module(name)
    except Exception as error:
        words = raised_at(error)
        raise SetupFault(f"The world {spec}: the module {name!r} cannot be imported from {here}: {words}.") from error


def _opening(module: ModuleType) -> tuple[list[str], str]:
    """The names of a module's classes and functions that open worlds, and a sentence about them.

    They are those that take a specification first; where nothing says that it does, all that can be called with one value.
    """
    package = module.__name__.partition(".")[0]
    # Lazy objects of some modules load others when they are looked at, so that only their type is asked for.
    parts = {name: part for name, part in vars(module).items() if issubclass(type(part), type) or type(part) is FunctionType}
    own = {
        name: _parameters_of(part)
        for name, part in parts.items()
        if not name.startswith("_") and part.__module__.partition(".")[0] == package
    }
    saying = [name for name, parameters in own.items() if parameters and _says_spec(parameters[0])]
    if saying:
        return saying, f"Known: {', '.join(saying)}."
    fitting = [name for name, parameters in own.items() if _takes_one(parameters)]
    listed = f" Can be called with one value: {', '.join(fitting[:MOST])}." if fitting else ""
    return fitting, f"Nothing in {module.__name__} says that it takes a WorldSpec first.{listed}"


def _parameters_of(part: object) -> list[inspect.Parameter]:
    try:
        return list(inspect.signature(part).parameters.values()) if callable(part) else []
    except (TypeError, ValueError):
        return []


def _says_spec(parameter: inspect.Parameter) -> bool:
    annotation = parameter.annotation
    return parameter.name == "spec" or annotation is WorldSpec or str(annotation).endswith(WorldSpec.__name__)


def _takes_one(parameters: list[inspect.Parameter]) -> bool:
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    needed = [each for each in parameters[1:] if each.default is each.empty and each.kind in positional]
    return bool(parameters) and parameters[0].kind in positional and not needed


def _shown(rest: str) -> str:
    factory = class_of(WorldSpec(address=f"python:{rest}"))
    takes = ", ".join(map(str, _parameters_of(factory)))
    shown: Mapping[str, str] = {"address": f"python:{rest}", "takes": f"({takes})", "line": inspect.getdoc(factory) or ""}
    return json.dumps(shown, indent=2, ensure_ascii=False)


PYTHON = WorldScheme(
    line="a class of yours, or a function, that takes the WorldSpec, and is or returns the open world",
    takes="MODULE:CLASS",
    find=class_of,
    shown=_shown,
)
