"""Data files that a person writes, TOML or JSON: read as text, read as values, held to their schema."""

from __future__ import annotations

import json
import os
import re
import stat
import tomllib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from lmp.errors import BadFile, did_you_mean

SIBLINGS = 1000
"""Entries of a folder among which the nearest name is looked for [count]."""

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def read_text(path: Path, limit: int) -> str:
    """Read a UTF-8 file; a byte order mark is left out.

    Args:
        path: The file.
        limit: The largest size that is read [bytes].

    Raises:
        BadFile: It is not there, not a regular file, too large, or not UTF-8.
    """
    content = read_bytes(path, limit)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = content[error.start]
        raise BadFile(str(path), [f"It is not UTF-8 text: byte {error.start} is 0x{byte:02x} ({error.reason})."]) from error


def read_bytes(path: Path, limit: int) -> bytes:
    """Read a file, whatever it holds.

    Args:
        path: The file.
        limit: The largest size that is read [bytes].

    Raises:
        BadFile: It is not there, not a regular file, or too large.
    """
    content = _read(path, limit)
    if len(content) > limit:
        raise BadFile(str(path), [f"It is larger than {limit} bytes, which is the most that is read."])
    return content


def _read(path: Path, limit: int) -> bytes:
    try:
        # A pipe that nobody writes to would be waited for without this flag.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            kind = stat.S_IFMT(os.fstat(descriptor).st_mode)
            if kind != stat.S_IFREG:
                raise BadFile(str(path), [f"It cannot be read: it is {_KINDS.get(kind, 'not a file')}; a file is needed."])
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                return file.read(limit + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise BadFile(str(path), [f"It cannot be read: {error.strerror or error}.{_nearest(path)}"]) from error
    except ValueError as error:
        raise BadFile(str(path), [f"It cannot be read: {error}."]) from error


def _nearest(path: Path) -> str:
    """The sibling with the nearest name, where the file itself is not there."""
    try:
        with os.scandir(path.parent) as entries:
            siblings = [entry.name for entry in islice(entries, SIBLINGS)]
    except OSError:
        return ""
    return "" if path.name in siblings else did_you_mean(path.name, siblings)


def coerced(said: Any, taken: Any, place: str = "") -> Iterator[str]:
    """A sentence for each value whose kind was changed; a whole number will do where any number is wanted.

    Args:
        said: The plain values of the file.
        taken: What the model made of them, as plain values; where it has another form, that is the model's own doing.
        place: Where both stand.
    """
    match said, taken:
        case dict(), dict():
            for name in said.keys() & taken.keys():
                yield from coerced(said[name], taken[name], f"{place}.{name}" if place else str(name))
        case (list(), list() | tuple()) if len(said) == len(taken):
            for index, (one, other) in enumerate(zip(said, taken, strict=True)):
                yield from coerced(one, other, f"{place}.{index}" if place else str(index))
        case str() | bool() | int() | float(), bool() | int() | float() if _kind(said) is not _kind(taken):
            yield f"{place}: {_needed(taken)} is needed, got {said!r:.60}."


def _kind(value: object) -> type:
    if isinstance(value, bool):
        return bool
    return str if isinstance(value, str) else float


def _needed(taken: object) -> str:
    if isinstance(taken, bool):
        return "true or false"
    return "a whole number" if isinstance(taken, int) else "a number"


MAX_BYTES = 1_000_000
"""The largest data file that is read [bytes]: far more than any scene or robot needs."""
MAX_DOTS = 32
"""Most parts of a dotted TOML key: the standard reader needs memory with the square of their number."""

_DOTTED = re.compile(rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{MAX_DOTS}}}""")

M = TypeVar("M", bound=BaseModel)


def read_data_file(path: Path, model: type[M]) -> M:
    """Read a `.json` file, or else a TOML file, and check it against a model.

    Raises:
        BadFile: The file cannot be read or does not fit the model; lists every complaint with its place, what came,
            what is allowed there and the nearest name.
    """
    data = parse_data(read_text(path, MAX_BYTES), path)
    try:
        read = model.model_validate(data)
    except ValidationError as error:
        from lmp.files.data_complaints import complaints_of  # Most files are right.

        raise BadFile(str(path), complaints_of(error, model)) from error
    taken_otherwise = list(coerced(data, read.model_dump()))
    if taken_otherwise:
        from lmp.files.data_complaints import MOST

        raise BadFile(str(path), taken_otherwise[:MOST])
    return read


def parse_data(text: str, path: Path) -> Any:
    """The plain values of a JSON or TOML text; the path's suffix says which.

    Raises:
        BadFile: It is neither, nests too deeply, or says something twice.
    """
    form = "JSON" if path.suffix == ".json" else "TOML"
    try:
        return json.loads(text, object_pairs_hook=_once) if form == "JSON" else _toml(text)
    except RecursionError as error:
        raise BadFile(str(path), [f"It is not {form} that can be read: it nests too deeply."]) from error
    except ValueError as error:
        raise BadFile(str(path), [f"It is not {form}: {str(error).removesuffix('.')}."]) from error


def _toml(text: str) -> Any:
    if _DOTTED.search(text):
        raise ValueError(f"a dotted key or a text of more than {MAX_DOTS} dotted words; at most {MAX_DOTS} are allowed")
    return tomllib.loads(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of its pairs; JSON itself would let the last of two equal keys win in silence."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key[:60]!r} stands twice in one object, with {found[key]!r:.60} and {value!r:.60}")
        found[key] = value
    return found
