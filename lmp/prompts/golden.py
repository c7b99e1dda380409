"""Golden answers: what a prompt once got or could get, kept to see that the answer's schema still treats it as it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, Field, JsonValue

from lmp.errors import BadFile, SetupFault
from lmp.files.data_file import read_data_file
from lmp.prompts.examples import answer_complaints
from lmp.prompts.prompt_file import OURS, PromptFile, Word
from lmp.schema.base import Model, Text

FOLDER = "golden"
"""Beside the prompts: `golden/NAME/*.json`."""


class GoldenAnswer(Model):
    """An answer, and whether it is one.

    Attributes:
        answer: What a model said.
        valid: Whether it fits.
        complaint: Part of what is complained of where it does not.
        variables: Values with which the prompt is to be rendered, too; null does not render it.
        note: Where it comes from.
    """

    answer: JsonValue
    valid: bool
    complaint: Text = ""
    variables: dict[Word, str] | None = Field(default=None, max_length=32)
    note: Text = ""


def golden_paths(name: str, folder: Path | None = None) -> list[Path]:
    """The golden answers of a prompt: ours, and those of a person's folder."""
    places = [place / FOLDER / name for place in (OURS, folder) if place is not None]
    return [path for place in places for path in sorted(place.glob("*.json"))]


def golden_complaints(prompt: PromptFile, paths: Sequence[Path], answers: Sequence[type[BaseModel]]) -> Iterator[str]:
    """Complaints about golden answers: each is valid, or not, as it says, and renders where it has values.

    Args:
        prompt: The prompt that they belong to.
        paths: Their files.
        answers: The classes of which an answer has to fit one.
    """
    for path in paths:
        try:
            golden = read_data_file(path, GoldenAnswer)
        except BadFile as error:
            yield from (f"{_shown(path)}: {complaint}" for complaint in error.complaints)
            continue
        yield from (f"{_shown(path)}: {complaint}" for complaint in _complaints(prompt, golden, answers))


def _complaints(prompt: PromptFile, golden: GoldenAnswer, answers: Sequence[type[BaseModel]]) -> Iterator[str]:
    found = answer_complaints(golden.answer, answers)
    if golden.valid:
        yield from (f"it should be valid: {complaint}" for complaint in found)
    elif not found:
        yield "it should not be valid, and it is."
    elif golden.complaint and not any(golden.complaint in complaint for complaint in found):
        yield f"{golden.complaint!r} should be complained of; complained of is: {' '.join(found)}"
    if golden.variables is not None:
        try:
            prompt.render(**golden.variables)
        except SetupFault as error:
            yield str(error)


def _shown(path: Path) -> str:
    return "/".join(path.parts[-3:])
