"""Reads data files (TOML or JSON) into a model, and says all that is wrong with one at once."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from lmp.errors import BadFile
from lmp.files.coercion import coerced
from lmp.files.data_complaints import MOST, complaints_of
from lmp.files.text_file import read_text

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
        raise BadFile(str(path), complaints_of(error, model)) from error
    taken_otherwise = list(coerced(data, read.model_dump()))
    if taken_otherwise:
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
