"""Texts of prompt files, and of files that are none."""

from __future__ import annotations

from pathlib import Path

VERIFY = ("subgoal", "conditions", "objects", "pictures")
BODY = "# System\nJudge {{ conditions }} by {{ pictures }}.\n\n# User\n{{ subgoal }} {{ objects }}\n"


def header(**changed: str) -> str:
    """A good header of a `verify` prompt, with fields as TOML changed or added; an empty one is left out."""
    fields = {
        "name": '"verify"',
        "version": '"7"',
        "question": '"verify"',
        "variables": "[" + ", ".join(f'"{name}"' for name in VERIFY) + "]",
        "purpose": '"A test."',
        **changed,
    }
    return "+++\n" + "".join(f"{name} = {value}\n" for name, value in fields.items() if value) + "+++\n"


def written(folder: Path, text: str, name: str = "verify") -> Path:
    """The file of that text."""
    path = folder / f"{name}.md"
    path.write_text(text, encoding="utf-8")
    return path
