"""The choices of a run: the command line first, then the settings file, then the plan file, then the defaults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from lmp.errors import BadFile, SetupFault

BaseUrl = Annotated[
    str | None,
    typer.Option("--base-url", metavar="URL", help="A server that speaks OpenAI's protocol, for the planner openai:MODEL."),
]
OneCall = Annotated[bool, typer.Option("--one-call", help="Ask the model for subgoals and primitives in one call.")]
Prompts = Annotated[
    Path | None, typer.Option("--prompts", metavar="FOLDER", help="Prompt files that stand in for those of the same name.")
]


def with_model(options: dict[str, Any], base_url: str | None, one_call: bool, prompts: Path | None) -> dict[str, Any]:
    """The options of a run with what was said of the model; what was not said stays as the settings file has it.

    Raises:
        SetupFault: It is not a URL, there is no such folder, or the planner asks no model.
    """
    said: dict[str, Any] = {} if base_url is None else {"base_url": base_url}
    said |= {"one_call": True} if one_call else {}
    said |= {} if prompts is None else {"prompts": str(prompts.resolve())}
    if not said:
        return options
    from lmp.errors import SetupFault
    from lmp.model_settings import ModelSettings
    from lmp.registry import MODELS, asks_model

    planner = str(options["planner"])
    if not asks_model(planner):
        names = ", ".join(f"{name}:{what}" for name, (what, _) in MODELS.items())
        raise SetupFault(
            f"The planner {planner!r} asks no model: leave out --base-url, --one-call and --prompts, or take {names}."
        )
    if base_url is not None and not base_url.startswith(("http://", "https://")):
        raise SetupFault(f"--base-url takes a URL that begins with http:// or https://, got {base_url!r:.200}.")
    if prompts is not None and not prompts.is_dir():
        raise SetupFault(f"--prompts takes a folder with prompt files; there is none at {str(prompts)!r}.")
    before = options.get("model") or ModelSettings()
    return {**options, "model": ModelSettings.model_validate({**before.model_dump(), **said})}


OF_A_PLAN = ("world", "robot", "planner", "seed")
"""Settings that mean something where nothing moves."""


MISSING = "Missing argument 'INSTRUCTION': say what to do, in quotes; or --plan FILE."


def asked_for(
    context: typer.Context,
    instruction: str | None,
    settings: Path | None,
    plan: Path | None,
    missing: str = MISSING,
    **said: Any,
) -> tuple[str | None, dict[str, Any]]:
    """The instruction and the options of a run; no instruction where the world may have a task of its own.

    Raises:
        SetupFault: There is no instruction, or two; a file does not fit its schema.
    """
    options: dict[str, Any] = {}
    if plan is not None:
        if instruction is not None or _typed(context, "planner"):
            raise SetupFault("--plan brings its own instruction and subgoals: leave out the INSTRUCTION and --planner.")
        instruction, options = _planned(plan)
    if settings is not None:
        from lmp.config import Settings

        from_file = Settings.load(settings).options()
        if plan is not None:
            from_file.pop("planner", None)
        _check_names(settings, {name: value for name, value in from_file.items() if not _typed(context, name)})
        options |= from_file
    merged = {**said, **options, **{name: value for name, value in said.items() if _typed(context, name)}}
    if instruction is None and not _may_have_a_task(merged["world"]):
        raise SetupFault(missing)
    return instruction, merged


def _may_have_a_task(world: str) -> bool:
    """True if a world may bring its own task: those that are made of scenes do not."""
    from lmp.runtime.worlds import scheme_of

    return not scheme_of(world)[0].scenes


def _check_names(settings: Path, said: dict[str, Any]) -> None:
    """Refuses names that there are not where they stand: the person is to look into that file, not at the command.

    Raises:
        BadFile: A name is unknown, or a file that is named cannot be used.
    """
    from lmp import registry
    from lmp.robots.robot_file import load_robot
    from lmp.runtime.worlds import check_world

    def load_planner(name: str) -> None:
        registry.load("planner", name)

    checks: dict[str, Callable[[str], object]] = {
        "robot": load_robot,
        "planner": load_planner,
        "world": check_world,
    }
    complaints = []
    for name, check in checks.items():
        if name in said:
            try:
                check(said[name])
            except SetupFault as fault:
                complaints.append(f"{name}: {fault}")
    if complaints:
        raise BadFile(str(settings), complaints)


def _planned(plan: Path) -> tuple[str, dict[str, Any]]:
    """The circumstances that a plan file tells."""
    from lmp.config import beside
    from lmp.files.data_file import read_data_file
    from lmp.registry import PLAN
    from lmp.schema.plan_file import PlanFile

    read = read_data_file(plan, PlanFile)
    from lmp.schema.world_spec import WorldAddress

    files = {"world": str(WorldAddress.read(read.world).beside(plan)), "robot": read.robot and beside(plan, read.robot)}
    # The whole path, so that the run can be resumed from any folder.
    return read.instruction, {"planner": f"{PLAN}{plan.resolve()}", "seed": read.seed, **files}


def _typed(context: typer.Context, name: str) -> bool:
    """True if the person said it, rather than a default."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"
