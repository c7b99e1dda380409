"""Options of commands whose planner may ask a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

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
