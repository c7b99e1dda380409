"""Writes a plan as a file that `lmp run --plan` carries out."""

from __future__ import annotations

import os
from pathlib import Path

from lmp.errors import SetupFault
from lmp.schema.plan_file import PlanFile
from lmp.schema.world_spec import WorldAddress


def save_plan(plan: PlanFile, path: Path) -> None:
    """Writes a plan; where its world or robot is a file, the plan names it as seen from its own folder.

    Raises:
        SetupFault: The file cannot be written.
    """
    places = {"world": str(WorldAddress.read(plan.world).seen_from(path)), "robot": plan.robot and _seen(plan.robot, path)}
    text = PlanFile.model_validate({**dict(plan), **places}).model_dump_json(indent=1, exclude_none=True)
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except (OSError, ValueError) as error:
        raise SetupFault(
            f"The plan cannot be written to {str(path)!r}: {getattr(error, 'strerror', None) or error}."
        ) from error


def _seen(name_or_file: str, plan_file: Path) -> str:
    """A file's path as seen from the plan file; names stay as they are."""
    is_file = Path(name_or_file).suffix in (".toml", ".json")
    return os.path.relpath(name_or_file, plan_file.parent) if is_file else name_or_file
