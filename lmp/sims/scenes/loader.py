"""Reads scene files (TOML or JSON) and says all that is wrong with one at once."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from lmp.errors import BadFile, UnknownName, did_you_mean
from lmp.schema.scene_file import SceneFile
from lmp.sims.scenes.colours import COLOURS

FOLDER = Path(__file__).parent
MAX_BYTES = 4_000_000


def scene_names() -> tuple[str, ...]:
    """Names of the scenes that come with the package, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load_scene_file(name_or_path: str | Path) -> SceneFile:
    """The scene of that name, or of that `.toml` or `.json` file.

    Raises:
        UnknownName: No scene has that name and it is not a file.
        BadFile: The file cannot be read or does not fit the schema; lists every complaint with its place.
    """
    path = Path(name_or_path)
    if path.suffix not in (".toml", ".json"):
        if str(name_or_path) not in scene_names():
            raise UnknownName("scene", str(name_or_path), scene_names())
        path = FOLDER / f"{name_or_path}.toml"
    data = _read(path)
    try:
        scene = SceneFile.model_validate(data)
    except ValidationError as error:
        raise BadFile(str(path), [_sentence(complaint) for complaint in error.errors()]) from error
    if complaints := _unknown_colours(scene):
        raise BadFile(str(path), complaints)
    return scene


def _read(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise BadFile(str(path), [f"It is larger than {MAX_BYTES} bytes."])
        text = content.decode()
        return json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        reason = "cannot be read" if isinstance(error, OSError) else f"is not {path.suffix[1:].upper()}"
        raise BadFile(str(path), [f"It {reason}: {error}."]) from error


def _unknown_colours(scene: SceneFile) -> list[str]:
    return [
        f"objects.{index}.colour: {thing.colour!r} is not in the colour table.{did_you_mean(thing.colour, COLOURS)} "
        f"Known: {', '.join(sorted(COLOURS))}; or say `rgb` as well."
        for index, thing in enumerate(scene.objects)
        if thing.colour is not None and thing.rgb is None and thing.colour not in COLOURS
    ]


def _sentence(complaint: Any) -> str:
    """One complaint with its place, what came, and what is allowed there."""
    location = tuple(complaint["loc"])
    place = ".".join(str(part) for part in location) or "the file"
    came = complaint["input"]
    match complaint["type"]:
        case "extra_forbidden":
            known = _fields_at(location[:-1])
            return f"{place}: there is no such field.{did_you_mean(str(location[-1]), known)} Known: {', '.join(known)}."
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


def _fields_at(location: tuple[Any, ...]) -> list[str]:
    """Names of the fields that the schema knows at a place, found by walking its JSON Schema."""
    schema = SceneFile.model_json_schema()
    definitions = schema["$defs"]

    def entered(node: dict[str, Any]) -> dict[str, Any]:
        """Through a reference, or to the only alternative that is an object or a list."""
        while True:
            if "$ref" in node:
                node = definitions[node["$ref"].rpartition("/")[2]]
            elif "anyOf" in node:
                node = next(part for part in node["anyOf"] if part.get("type") != "null")
            else:
                return node

    node = entered(schema)
    for part in location:
        if isinstance(part, int):
            node = node.get("items", {})
        elif part in (tags := node.get("discriminator", {}).get("mapping", {})):
            node = {"$ref": tags[part]}
        else:
            node = node.get("properties", {}).get(part, {})
        node = entered(node)
    return list(node.get("properties", {}))
