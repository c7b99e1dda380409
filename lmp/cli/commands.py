"""The commands and their further options, as the registry has them; each is loaded when the arguments ask for it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import typer

from lmp import registry

Function = Callable[..., int]
Choices = dict[str, Any]
"""The names and values that a command has read from its arguments."""
Further = Callable[[Choices], Choices]
"""The type of the parameter `further` of a command that takes options from outside: it applies them to its choices."""


def command_line(arguments: Sequence[str]) -> typer.Typer:
    """The application with the command that the arguments name, or with every command where they name none.

    Args:
        arguments: What stands behind `lmp`.
    """
    app = typer.Typer(
        name="lmp",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        help="From a sentence to a checked robot motion.",
    )
    # With a callback, typer keeps the command's name in the arguments where there is only one command.
    app.callback()(_nothing)
    names = registry.known("command")
    for name in [arguments[0]] if arguments and arguments[0] in names else names:
        command = registry.load("command", name)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(_with_options(command, name, arguments))
    return app


def unchanged(choices: Choices) -> Choices:
    """The choices as they are: no option was added."""
    return choices


def _nothing() -> None:
    pass


def _with_options(command: Function, name: str, arguments: Sequence[str]) -> Function:
    """The command with the options that other rooms and packages add to it.

    An option's function has one parameter beside the command's choices, declared like one of a command: it takes the
    choices and what was said, and returns the choices as they are to be.
    """
    found = {place: registry.load("option", place) for place in registry.known("option") if _asked_for(place, name, arguments)}
    signature = inspect.signature(command, eval_str=True)
    if "further" not in signature.parameters:
        return command
    own = [parameter for parameter in signature.parameters.values() if parameter.name != "further"]
    added = {place: [*inspect.signature(option, eval_str=True).parameters.values()][1] for place, option in found.items()}

    @wraps(command)
    def run(**said: Any) -> int:
        values = {place: said.pop(parameter.name) for place, parameter in added.items()}

        def further(choices: Choices) -> Choices:
            for place, option in found.items():
                if values[place] is not None:
                    choices = option(choices, values[place])
            return choices

        return command(**said, further=further)

    parameters = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (*own, *added.values())]
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters} | {"return": int}
    return run


def _asked_for(place: str, name: str, arguments: Sequence[str]) -> bool:
    """True if `command.option` belongs to the command, and the arguments say it or ask what there is."""
    command, _, option = place.partition(".")
    said = any(argument.partition("=")[0] in (f"--{option}", "--help") for argument in arguments[1:])
    return command == name and (said or not arguments or arguments[0] != name)
