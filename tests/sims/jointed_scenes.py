"""Scenes with one ready-made shape of each kind, for tests of the worlds that hold them."""

from __future__ import annotations

from typing import Any

from lmp.schema.scene_file import SceneFile

READY: dict[str, dict[str, Any]] = {
    "cabinet": {"kind": "drawer_cabinet", "size": [0.2, 0.24, 0.18], "drawers": 3, "travel": 0.12},
    "chest": {"kind": "drawer_cabinet", "size": [0.16, 0.2, 0.1], "handle": 0.0},
    "box": {"kind": "hinged_box", "inner_size": [0.1, 0.14], "height": 0.07},
    "door": {"kind": "door", "size": [0.12, 0.18]},
    "button": {"kind": "button"},
    "switch": {"kind": "switch"},
    "knob": {"kind": "knob"},
}


def scene_with(shape: dict[str, Any], *others: dict[str, Any], joints: dict[str, Any] | None = None, **more: Any) -> SceneFile:
    """A scene with a jointed object named "it" before the robot, and others."""
    it = {"name": "it", "category": "it", "shape": shape, "joints": joints or {}, "mass": 2.0, "role": "fixture"}
    it |= {"place": {"x": 0.6, "y": 0.0, "yaw": 0.0}, "clearance": 0.0} | more
    workspace = {"lower": [0.2, -0.5, 0.0], "upper": [0.8, 0.5, 0.7]}
    return SceneFile.model_validate({"name": "one", "workspace": workspace, "clearance": 0.0, "objects": [it, *others]})
