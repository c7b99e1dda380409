"""The simulators that open scene files, as schemes of addresses."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping

from lmp.errors import BadFile
from lmp.schema.scene_file import SceneFile
from lmp.schema.world_spec import WorldSpec
from lmp.sims.scenes.loader import load_scene_file, scene_names
from lmp.stages import WorldFactory, WorldScheme


def scene_of(spec: WorldSpec) -> SceneFile:
    """The scene of a specification: as it was read when the world was opened first, or from its name or file.

    Raises:
        SetupFault: There is no such scene, or its file does not fit its schema.
    """
    if spec.content is None:
        return load_scene_file(spec.read_address.rest)
    try:
        return SceneFile.model_validate_json(spec.content)
    except ValueError as error:
        raise BadFile(f"the recorded world {spec.address}", [f"Its content is not a scene: {error}."]) from error


def with_scene(spec: WorldSpec, scene: SceneFile) -> WorldSpec:
    """The specification that keeps the scene; one that keeps it already stays as it is."""
    if spec.content is not None:
        return spec
    return spec.model_copy(update={"content": scene.model_dump_json(exclude_none=True)})


def _finding(module: str, name: str) -> Callable[[WorldSpec], WorldFactory]:
    def find(spec: WorldSpec) -> WorldFactory:
        scene_of(spec)
        factory: WorldFactory = getattr(importlib.import_module(module), name).open
        return factory

    return find


class _Scenes(Mapping[str, str]):
    """The scenes by name, each with its line; a file is read when its line is asked for."""

    def __getitem__(self, name: str) -> str:
        return load_scene_file(name).description

    def __contains__(self, name: object) -> bool:
        return name in scene_names()

    def __iter__(self) -> Iterator[str]:
        return iter(scene_names())

    def __len__(self) -> int:
        return len(scene_names())


def _engine(line: str, module: str, name: str) -> WorldScheme:
    return WorldScheme(
        line=line,
        takes="SCENE",
        find=_finding(module, name),
        listed=_Scenes,
        shown=lambda scene: load_scene_file(scene).model_dump_json(indent=2, exclude_none=True),
        default="tabletop",
        scenes=True,
    )


PYBULLET = _engine("scenes with physics and cameras", "lmp.sims.pybullet.pybullet_world", "PyBulletWorld")
KINEMATIC = _engine("scenes without physics or cameras, for dry runs", "lmp.sims.kinematic.kinematic_world", "KinematicWorld")
