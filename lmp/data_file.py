"""Reads data files (TOML or JSON) into a model, and says all that is wrong with one at once."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from lmp.errors import BadFile, did_you_mean

MAX_BYTES = 4_000_000

M = TypeVar("M", bound=BaseModel)


def read_data_file(path: Path, model: type[M]) -> M:
    """What a `.json` file, or else a TOML file, holds, checked against a model.

    Raises:
        BadFile: The file cannot be read or does not fit the model; lists every complaint with its place, what came,
            what is allowed there and the nearest name.
    """
    try:
        return model.model_validate(_read(path))
    except ValidationError as error:
        raise BadFile(str(path), [_sentence(complaint, model) for complaint in error.errors()]) from error


def _read(path: Path) -> Any:
    form = "JSON" if path.suffix == ".json" else "TOML"
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise BadFile(str(path), [f"It is larger than {MAX_BYTES} bytes."])
        return json.loads(content.decode()) if form == "JSON" else tomllib.loads(content.decode())
    except OSError as error:
        raise BadFile(str(path), [f"It cannot be read: {error.strerror or error}."]) from error
    except (ValueError, RecursionError) as error:
        raise BadFile(str(path), [f"It is not {form}: {error}."]) from error


def _sentence(complaint: Any, model: type[BaseModel]) -> str:
    """One complaint with its place, what came, and what is allowed there."""
    location = tuple(complaint["loc"])
    place = ".".join(str(part) for part in location) or "the file"
    came = complaint["input"]
    match complaint["type"]:
        case "extra_forbidden":
            known = _fields_at(location[:-1], model)
            listed = f" Known: {', '.join(known)}." if known else ""
            return f"{place}: there is no such field.{did_you_mean(str(location[-1]), known)}{listed}"
        case "union_tag_invalid":
            known = [tag.strip(" '") for tag in complaint["ctx"]["expected_tags"].split(",")]
            tag = str(complaint["ctx"]["tag"])
            return f"{place}.kind: {tag[:60]!r} is not known.{did_you_mean(tag, known)} Known: {', '.join(known)}."
        case "union_tag_not_found":
            return f"{place}: say which `kind` it is."
        case "missing":
            return f"{place}: this is needed."
        case _:
            shown = f", got {came!r:.60}" if isinstance(came, str | int | float | bool) or came is None else ""
            return f"{place}: {complaint['msg'].removeprefix('Value error, ')}{shown}."


def _fields_at(location: tuple[Any, ...], model: type[BaseModel]) -> list[str]:
    """Names of the fields that the model knows at a place, found by walking its JSON Schema; empty where it has none."""
    schema = model.model_json_schema()
    node = _entered(schema, schema)
    for part in location:
        if isinstance(part, int):
            node = node.get("items", {})
        elif part in (tags := node.get("discriminator", {}).get("mapping", {})):
            node = {"$ref": tags[part]}
        else:
            node = node.get("properties", {}).get(part) or node.get("additionalProperties") or {}
        node = _entered(node, schema)
    return list(node.get("properties", {}))


def _entered(node: Any, schema: dict[str, Any]) -> dict[str, Any]:
    """A node of a JSON Schema through references, or its only alternative that is an object or a list."""
    while isinstance(node, dict):
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rpartition("/")[2]]
        elif "anyOf" in node:
            node = next((part for part in node["anyOf"] if part.get("type") != "null"), {})
        else:
            return node
    return {}
