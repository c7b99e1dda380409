"""Loads scene files, by name or by path, with the colours that words name."""

from __future__ import annotations

from pathlib import Path

from lmp.errors import BadFile, UnknownName, did_you_mean
from lmp.files.data_file import read_data_file
from lmp.schema.scene_file import ObjectSpec, Rgb, SceneFile
from lmp.sims.scenes.ready_shapes import hollow_complaint, joint_complaints, unstarted

COLOURS: dict[str, Rgb] = {
    "red": (0.83, 0.12, 0.13),
    "green": (0.16, 0.62, 0.24),
    "blue": (0.12, 0.34, 0.80),
    "yellow": (0.97, 0.80, 0.10),
    "orange": (0.95, 0.48, 0.08),
    "purple": (0.48, 0.23, 0.66),
    "pink": (0.94, 0.50, 0.67),
    "brown": (0.47, 0.30, 0.18),
    "white": (0.94, 0.94, 0.92),
    "grey": (0.55, 0.57, 0.60),
    "black": (0.12, 0.12, 0.13),
    "cyan": (0.15, 0.70, 0.75),
}
PLAIN: Rgb = (0.75, 0.75, 0.73)
"""The looks of an object without a colour."""


def rgb_of(item: ObjectSpec) -> Rgb:
    """The object's colour as red, green, blue from 0 to 1 [dimensionless]; the loader has checked that the word is known."""
    if item.rgb is not None:
        return item.rgb
    return PLAIN if item.colour is None else COLOURS[item.colour]


FOLDER = Path(__file__).parent


def scene_names() -> tuple[str, ...]:
    """Names of the scenes that come with the package, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load_scene_file(name_or_path: str | Path | SceneFile) -> SceneFile:
    """The scene of that name, or of that `.toml` or `.json` file; one that was loaded already is given back.

    Raises:
        UnknownName: No scene has that name and it is not a file.
        BadFile: The file cannot be read or does not fit the schema; lists every complaint with its place.
    """
    if isinstance(name_or_path, SceneFile):
        return name_or_path
    path = Path(name_or_path)
    if path.suffix not in (".toml", ".json"):
        if str(name_or_path) not in scene_names():
            raise UnknownName("scene", str(name_or_path), scene_names())
        path = FOLDER / f"{name_or_path}.toml"
    scene = read_data_file(path, SceneFile)
    if complaints := [*_unknown_colours(scene), *_wrong_joints(scene), *_unknown_hollows(scene)]:
        raise BadFile(str(path), complaints)
    return scene


def _unknown_colours(scene: SceneFile) -> list[str]:
    return [
        f"objects.{index}.colour: {item.colour!r} is not in the colour table.{did_you_mean(item.colour, COLOURS)} "
        f"Known: {', '.join(sorted(COLOURS))}; or say `rgb` as well."
        for index, item in enumerate(scene.objects)
        if item.colour is not None and item.rgb is None and item.colour not in COLOURS
    ]


def _wrong_joints(scene: SceneFile) -> list[str]:
    return [
        f"objects.{index}.{complaint}"
        for index, item in enumerate(scene.objects)
        for complaint in joint_complaints(item, unstarted(item))
    ]


def _unknown_hollows(scene: SceneFile) -> list[str]:
    built = {item.name: unstarted(item) for item in scene.objects}
    return [
        f"objects.{index}.place.cavity: {complaint}"
        for index, item in enumerate(scene.objects)
        if (place := scene.place_of(item)).on in built and (complaint := hollow_complaint(place, built[place.on]))
    ]
