"""The address of a world, and the specification that a record keeps of an opened one."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from pydantic import Field, StringConstraints

from lmp.errors import SetupFault
from lmp.schema.base import Model, Name, Text

SCHEME = re.compile(r"([A-Za-z][\w.-]*):(.*)", re.DOTALL)
"""A path that has a slash before its first colon is no scheme."""
FILES = (".toml", ".json")
"""Suffixes that make what an address names a file."""
IN_PYTHON = "made in Python"


@dataclass(frozen=True)
class WorldAddress:
    """`SCHEME:REST?key=value&...`, read.

    Attributes:
        scheme: What opens it; empty where none was said.
        rest: What is opened: a scene, a file, a module and its class, ...
        options: What was said after the question mark.
    """

    scheme: str
    rest: str
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> WorldAddress:
        """The parts of an address.

        Raises:
            SetupFault: What follows the question mark is not `key=value&...`, or says a key twice.
        """
        found, mark, query = text.partition("?")
        match = SCHEME.fullmatch(found)
        scheme, rest = (match[1], match[2]) if match else ("", found)
        try:
            pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True) if mark else []
        except ValueError as error:
            raise SetupFault(f"The options of the world {text!r:.200} are key=value&key=value, got {query!r:.100}.") from error
        options = dict(pairs)
        if len(options) != len(pairs):
            twice = sorted({key for key, _ in pairs if [other for other, _ in pairs].count(key) > 1})
            raise SetupFault(f"The world {text!r:.200} says {', '.join(twice)} more than once.")
        return cls(scheme, rest, options)

    @property
    def names_file(self) -> bool:
        """True if it names a file, rather than something that is known by name."""
        return Path(self.rest).suffix in FILES

    def beside(self, file: Path) -> WorldAddress:
        """The address as a file says it: a relative path belongs to that file's folder."""
        return replace(self, rest=str(file.parent / self.rest)) if self.names_file else self

    def seen_from(self, file: Path) -> WorldAddress:
        """The address for a file to say: a path is as seen from that file's folder."""
        return replace(self, rest=os.path.relpath(self.rest, file.parent)) if self.names_file else self

    def within(self, scheme: str) -> WorldAddress:
        """The address, opened by that scheme if it says none."""
        return self if self.scheme else replace(self, scheme=scheme)

    @property
    def plain(self) -> str:
        """The address without its options."""
        return f"{self.scheme}:{self.rest}" if self.scheme and self.rest else self.scheme or self.rest

    def __str__(self) -> str:
        return f"{self.plain}?{urlencode(self.options)}" if self.options else self.plain


def with_option(address: str, name: str, text: str) -> str:
    """The address with one more option, in place of one of that name."""
    read = WorldAddress.read(address)
    return str(replace(read, options={**read.options, name: text}))


class WorldSpec(Model):
    """All that is needed to open a world again.

    Attributes:
        address: `SCHEME:REST`; None for a world that was made in Python.
        robot: Name of the robot that it was opened with; None where it brings its own.
        options: What was said after the address's question mark.
        content: The file that the address names, as it was read; so the record does not depend on it any more.
    """

    address: Text | None = None
    seed: Annotated[int, Field(ge=0, le=2**32 - 1, description="seed of the world [count]")] = 0
    robot: Name | None = None
    options: dict[Name, Text] = Field(default_factory=dict, max_length=64)
    content: Annotated[str, StringConstraints(max_length=4_000_000)] | None = None

    @property
    def read_address(self) -> WorldAddress:
        """The address in its parts, with its options; a whole address has a scheme always, and perhaps nothing after it."""
        scheme, _, rest = (self.address or "").partition(":")
        return WorldAddress(scheme, rest, self.options)

    def __str__(self) -> str:
        return IN_PYTHON if self.address is None else str(self.read_address)
