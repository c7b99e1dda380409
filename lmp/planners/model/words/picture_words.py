"""The legend of the pictures: what each shows, which way the robot's directions point in it, how points are written."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.model_settings import ModelSettings
from lmp.planners.model.pictures.axes import LENGTH
from lmp.planners.model.pictures.ground import Ground, ground_of
from lmp.planners.model.pictures.pixels import convention_words
from lmp.planners.model.pictures.views import View, views_of
from lmp.planners.model.words.quoted import quoted
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.scene import Scene

STEP = 0.02
"""Length of the step whose direction in a picture is told [m]."""
END_ON = 0.45
"""A direction is seen end on if its step looks shorter than this share of the longest one [dimensionless]."""
SECTORS = ("RIGHT", "UPPER RIGHT", "TOP", "UPPER LEFT", "LEFT", "LOWER LEFT", "BOTTOM", "LOWER RIGHT")
AXES = (("forward (+x)", "forward"), ("left (+y)", "left"), ("up (+z)", "up"))

NONE = "No pictures go with this question; all that is known is in words."
MARKS = (
    "Numbers in dark discs are the numbers of the object table. A disc lies on its object, or a line leads from it to a "
    "dot on the object. What has no disc in a picture is not seen there. Discs, lines and axes are drawn in; they are not "
    "in the world."
)


def pictures_text(scene: Scene, settings: ModelSettings, before: Scene | None = None) -> str:
    """The legend of the pictures that `pictures_of` gives, or `before_after` where there is an earlier look.

    Args:
        scene: With the frames of its look.
        settings: Which pictures are sent, and how the model writes points.
        before: The earlier look whose pictures are sent, too.
    """
    views = views_of(scene, settings, before)
    if not views:
        return NONE
    lines = [f"{len(views)} pictures, in the order in which they are sent:" if len(views) > 1 else "One picture is sent:"]
    lines += [_view_words(view, ground_of(scene), settings) for view in views]
    if settings.pictures == "marked":
        lines.append(MARKS)
    lines.append(f"Points in a picture (x is a column, y is a row) are written as {convention_words(settings.pixels)}.")
    return "\n".join(lines)


def directions_in(frame: CameraFrame, ground: Ground) -> tuple[str, ...]:
    """Directions of the robot's forward, left and up in a picture: a side of it, or towards or away from the camera."""
    camera = frame.T_world_camera.inverse()
    spot = _spot(frame, ground)
    start = frame.project(spot)
    units = [ground.robot.unit(direction) for _, direction in AXES]
    steps = [frame.project(spot + STEP * unit) - start for unit in units]
    longest = max(float(np.linalg.norm(step)) for step in steps)
    found = []
    for step, unit in zip(steps, units, strict=True):
        away = float(camera.rotation[2] @ unit) > 0.0
        if float(np.linalg.norm(step)) < END_ON * longest:
            found.append("away from the camera" if away else "towards the camera")
        else:
            angle = math.atan2(-float(step[1]), float(step[0]))
            found.append(f"to the {SECTORS[round(angle / (math.pi / 4)) % 8]}")
    return tuple(found)


def _view_words(view: View, ground: Ground, settings: ModelSettings) -> str:
    picture = view.picture
    named = zip(AXES, directions_in(view.frame, ground), strict=True)
    directions = ", ".join(f"{name} points {where}" for (name, _), where in named)
    extent = f"{picture.width} x {picture.height} px"
    if settings.pixels == "pixels":
        extent += f" (x 0 to {picture.width}, y 0 to {picture.height})"
    drawn = ""
    if view.axes is not None:
        x, y = (round(value, 2) + 0.0 for value in view.axes)
        where = "the floor" if ground.name is None else quoted(ground.name)
        drawn = (
            f" The robot's axes, {LENGTH:.2f} m long, are drawn on {where} from ({x:.2f}, {y:.2f}) m: x red, y green; "
            f"the black bar beside them is {LENGTH:.2f} m long."
        )
    return f"{quoted(picture.label)}, {extent}: in this picture the robot's {directions}.{drawn}"


def _spot(frame: CameraFrame, ground: Ground) -> NDArray[np.float64]:
    """The point of the support at which the picture's middle looks; a point a metre ahead where it looks elsewhere."""
    height, width = frame.depth.shape
    ray = np.linalg.solve(frame.intrinsics, np.array([width / 2, height / 2, 1.0]))
    origin, direction = np.array(frame.T_world_camera.position), frame.T_world_camera.rotation @ ray
    share = float((ground.height - origin[2]) / direction[2]) if abs(direction[2]) > 1e-6 else -1.0
    spot: NDArray[np.float64] = origin + share * direction
    return spot if share > 0 and ground.contains(spot) else origin + direction
