"""`lmp worlds`, `lmp robots`, `lmp planners`, `lmp skills`: what there is."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from lmp.cli.run_command import Json
from lmp.cli.standard_output import write_answer

Rows = list[tuple[str, ...]]


def _worlds() -> Rows:
    from lmp.runtime.worlds import schemes

    found: Rows = []
    for name, scheme in schemes().items():
        default = f"; {name} alone opens {scheme.default}" if scheme.takes and scheme.default else ""
        found.append((f"{name}:{scheme.takes}" if scheme.takes else name, scheme.line + default))
        found += [(f"{name}:{rest}", line) for rest, line in scheme.listed().items()]
    return found


def _robots() -> Rows:
    from lmp.robots.robot_file import FOLDER, load_robot, robot_names

    return [(name, load_robot(name).description, str(FOLDER / f"{name}.toml")) for name in robot_names()]


def _planners() -> Rows:
    from lmp import registry

    own = [(name, _first_line(registry.load("planner", name)), home) for name, home in registry.known("planner").items()]
    models = [
        (f"{name}:{what}", _first_line(registry.load("planner", f"{name}:{what}").func), home)
        for name, (what, home) in registry.MODELS.items()
    ]
    return [*own, *models]


def _skills() -> Rows:
    from lmp import registry

    return [(name, registry.load("skill", name).spec.line, home) for name, home in registry.known("skill").items()]


def _first_line(part: object) -> str:
    return (part.__doc__ or "").strip().partition("\n")[0]


def _world(address: str) -> str:
    from lmp.runtime.worlds import scheme_of

    scheme, read = scheme_of(address)
    if scheme.shown is not None:
        return scheme.shown(read.rest)
    return json.dumps({"address": str(read), "line": scheme.line}, indent=2)


def _robot(name: str) -> str:
    from lmp.robots.robot_file import load_robot

    return load_robot(name).model_dump_json(indent=2, exclude_none=True)


def _skill(name: str) -> str:
    from lmp import registry

    spec = registry.load("skill", name).spec
    shown = {
        "name": spec.name,
        "line": spec.line,
        "verbs": [asdict(verb) for verb in spec.verbs],
        "needs": spec.needs,
        "achieves": list(spec.achieves),
        "example": spec.example.model_dump(mode="json"),
        "parameters": spec.parameters.model_json_schema(),
    }
    return json.dumps(shown, indent=2, ensure_ascii=False)


def _planner(name: str) -> str:
    from lmp import registry

    planner, (begins, _, _) = registry.load("planner", name), name.partition(":")
    home = registry.MODELS[begins][1] if begins in registry.MODELS else registry.known("planner")[name]
    return json.dumps({"name": name, "line": _first_line(getattr(planner, "func", planner)), "home": home}, indent=2)


def _noun(noun: str, columns: Sequence[str], rows: Callable[[], Rows], one: Callable[[str], str]) -> typer.Typer:
    """The group of a noun: on its own it lists, `show NAME` prints one of them as JSON. Its other commands join the group."""
    group = typer.Typer(help=f"The {noun} that there are.", invoke_without_command=True, rich_markup_mode=None)

    @group.callback()
    def listing(context: typer.Context, as_json: Json = False) -> int | None:
        from lmp.cli.display import console, show_table

        if context.invoked_subcommand is not None:
            return None
        found = rows()
        if as_json:
            write_answer(json.dumps([dict(zip(columns, row, strict=True)) for row in found], ensure_ascii=False))
        else:
            show_table(found, columns, console())
        return 0

    @group.command("show", help=f"Print one of the {noun} as JSON.")
    def show(name: Annotated[str, typer.Argument(help="Its name, or a file where files are allowed.")]) -> int:
        sys.stdout.write(one(name) + "\n")
        return 0

    return group


WORLDS = _noun("worlds", ("address", "line"), _worlds, _world)
ROBOTS = _noun("robots", ("name", "description", "file"), _robots, _robot)
PLANNERS = _noun("planners", ("name", "line", "home"), _planners, _planner)
SKILLS = _noun("skills", ("name", "line", "home"), _skills, _skill)
