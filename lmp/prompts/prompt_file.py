"""A prompt file: a header in TOML, what the model is told once (`# System`), and what it is asked (`# User`)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from lmp.errors import BadFile, SetupFault, UnknownName, did_you_mean
from lmp.files.data_complaints import complaints_of
from lmp.files.data_file import parse_data, read_text
from lmp.prompts.template import Words
from lmp.schema.base import Model, Text

OURS = Path(__file__).parent
"""The folder of the prompts that come with the package."""
MAX_BYTES = 200_000
"""The largest prompt file that is read [bytes]."""
FENCE, SYSTEM, USER = "+++", "# System", "# User"

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]


class PromptHeader(Model):
    """The header of a prompt file.

    Attributes:
        name: That of the file, without `.md`.
        version: Raised by who changes the words; it stands in every record, beside the hash.
        question: Whose answer it asks for: decompose, plan, ground, correct or verify.
        variables: What the planner fills in.
        purpose: One line.
    """

    name: Word
    version: Annotated[str, Field(min_length=1, max_length=32)]
    question: Word
    variables: tuple[Word, ...] = Field(max_length=32)
    purpose: Text


@dataclass(frozen=True)
class PromptFile:
    """A prompt, read and checked.

    Attributes:
        header: What the file says of itself.
        system, user: Its two parts.
        path: Where it was read.
        text: The whole file.
    """

    header: PromptHeader
    system: Words = field(repr=False)
    user: Words = field(repr=False)
    path: Path
    text: str = field(repr=False)

    @property
    def name(self) -> str:
        """Its name."""
        return self.header.name

    @property
    def version(self) -> str:
        """The version that its header says."""
        return self.header.version

    @cached_property
    def sha256(self) -> str:
        """Hash of the file's text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def used(self) -> frozenset[str]:
        """The variables that its words use."""
        return self.system.names | self.user.names

    def render(self, /, **variables: str) -> tuple[str, str]:
        """The system and the user text. A value comes out as it went in, byte for byte.

        Raises:
            SetupFault: A variable of the header is missing, or one too many is given, or a value is not a text.
        """
        wanted = self.header.variables
        wrong = [f"Missing: {name}." for name in wanted if name not in variables]
        wrong += [f"Unknown: {name}.{did_you_mean(name, wanted)}" for name in variables if name not in wanted]
        wrong += [
            f"Not a text: {name}, a {type(value).__name__}." for name, value in variables.items() if type(value) is not str
        ]
        if wrong:
            raise SetupFault(f"The prompt {self.name!r} takes {', '.join(wanted) or 'no variables'}. {' '.join(wrong)}")
        return self.system.filled(variables), self.user.filled(variables)


def load_prompt(name: str, folder: Path | None = None) -> PromptFile:
    """The prompt of that name: from the person's folder where that has it, else ours.

    Raises:
        UnknownName: Neither has it.
        SetupFault: The folder is none.
        BadFile: It cannot be read, or is no prompt file; all that is wrong with it.
    """
    known = prompt_paths(folder)
    if name not in known:
        raise UnknownName("prompt", name[:64], known)
    return read_prompt(known[name])


def prompt_paths(folder: Path | None = None) -> dict[str, Path]:
    """The file of every prompt, by name: ours, and those of a person's folder in their place or beside them."""
    if folder is not None and not folder.is_dir():
        raise SetupFault(f"There is no folder of prompts {str(folder)!r}; a folder with files NAME.md is needed.")
    found = [path for place in (OURS, folder) if place is not None for path in sorted(place.glob("*.md"))]
    return {path.stem: path for path in found if _NAME.fullmatch(path.stem)}


def read_prompt(path: Path) -> PromptFile:
    """A prompt file.

    Raises:
        BadFile: It cannot be read, or is no prompt file; all that is wrong with it.
    """
    text = read_text(path, MAX_BYTES)
    lines = text.replace("\r\n", "\n").split("\n")
    bars = [index for index, line in enumerate(lines) if line.rstrip() == FENCE][:2]
    if len(bars) < 2 or bars[0] != 0:
        raise BadFile(str(path), [f"A prompt file begins with a header in TOML between two lines {FENCE!r}."])
    complaints: list[str] = []
    header = _header("\n".join(lines[1 : bars[1]]), path, complaints)
    system, user = _parts(lines, bars[1] + 1, complaints)
    if header is not None:
        complaints += _disagreements(header, path, system.names | user.names)
    if header is None or complaints:
        raise BadFile(str(path), complaints)
    return PromptFile(header, system, user, path, text)


def _header(text: str, path: Path, complaints: list[str]) -> PromptHeader | None:
    try:
        return PromptHeader.model_validate(parse_data(text, path))
    except BadFile as error:
        complaints += [f"header: {complaint}" for complaint in error.complaints]
    except ValidationError as error:
        complaints += [f"header.{complaint}" for complaint in complaints_of(error, PromptHeader)]
    return None


def _parts(lines: list[str], start: int, complaints: list[str]) -> tuple[Words, Words]:
    """The words of `# System` and `# User`, which have to stand once each, in this order."""
    at = {title: [i for i in range(start, len(lines)) if lines[i].rstrip() == title] for title in (SYSTEM, USER)}
    for title, places in at.items():
        if len(places) != 1:
            complaints.append(f"The line {title!r} stands {len(places)} times; it has to stand once.")
    if any(len(places) != 1 for places in at.values()):
        return Words(""), Words("")
    [system], [user] = at[SYSTEM], at[USER]
    if system > user:
        complaints.append(f"line {user + 1}: {USER!r} comes after {SYSTEM!r}.")
    if any(line.strip() for line in lines[start : min(system, user)]):
        complaints.append(f"line {start + 1}: words before {SYSTEM!r} would be sent to nobody; put them below it.")
    found = []
    for title, first, end in ((SYSTEM, system + 1, user), (USER, user + 1, len(lines))):
        words = Words("\n".join(lines[first:end]).strip("\n"))
        complaints += [f"{title}, {complaint}" for complaint in words.complaints]
        found.append(words)
    return found[0], found[1]


def _disagreements(header: PromptHeader, path: Path, used: frozenset[str]) -> Iterator[str]:
    if header.name != path.stem:
        yield f"header.name: it is {header.name!r}, and the file is named {path.name!r}; they have to agree."
    twice = sorted({name for name in header.variables if header.variables.count(name) > 1})
    if twice:
        yield f"header.variables: {', '.join(twice)} stands there twice."
    for name in sorted(used - set(header.variables)):
        known = ", ".join(header.variables)
        near = did_you_mean(name, header.variables)
        yield f"{name}: it is used and is not among the header's variables.{near} Known: {known or 'none'}."
