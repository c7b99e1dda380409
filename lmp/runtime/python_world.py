"""Worlds that are classes or functions of a module: `python:MODULE:CLASS`."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter

from lmp.errors import SetupFault, UnknownName
from lmp.schema.world_spec import WorldSpec
from lmp.stages import WorldFactory, WorldScheme


def class_of(spec: WorldSpec) -> WorldFactory:
    """The class or function of `python:MODULE:CLASS`. Modules are looked for where Python does, then in the present folder.

    Raises:
        SetupFault: The module cannot be imported, or has no such class.
    """
    module_name, _, name = spec.read_address.rest.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        words = f"{type(error).__name__}: {error}"
        raise SetupFault(f"The world {spec}: the module {module_name!r} cannot be imported from {here}: {words}") from error
    found: WorldFactory | None = vars(module).get(name)
    if not callable(found):
        parts = list(vars(module).items())  # Lazy objects of some modules load others when they are looked at.
        made = [key for key, part in parts if issubclass(type(part), type) and part.__module__ == module.__name__]
        if not name:
            raise SetupFault(
                f"The world {spec} goes on with a class: python:{module_name}:CLASS. Known: {', '.join(made) or 'none'}."
            )
        raise UnknownName(f"class of {module_name}", name, made)
    return found


def _shown(rest: str) -> str:
    factory = class_of(WorldSpec(address=f"python:{rest}"))
    return (
        TypeAdapter(Mapping[str, str])
        .dump_json(
            {"address": f"python:{rest}", "takes": str(inspect.signature(factory)), "line": inspect.getdoc(factory) or ""},
            indent=2,
        )
        .decode()
    )


PYTHON = WorldScheme(
    line="a class of yours, or a function, that takes the WorldSpec and is the open world",
    takes="MODULE:CLASS",
    find=class_of,
    shown=_shown,
)
