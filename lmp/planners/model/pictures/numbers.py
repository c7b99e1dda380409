"""The numbers by which the pictures' marks and the table of objects name the same objects."""

from __future__ import annotations

from lmp.schema.scene import Scene


def numbers_of(scene: Scene) -> dict[str, int]:
    """A number for everything but tables, from 1 on, in the scene's order."""
    marked = [thing.name for thing in scene.objects if thing.role != "support"]
    return {name: number for number, name in enumerate(marked, start=1)}
