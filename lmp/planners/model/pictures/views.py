"""The pictures of a look as they are sent: every camera, shrunk, marked and encoded once, within a size limit."""

from __future__ import annotations

import io
import itertools
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, replace

from lmp.model_settings import ModelSettings
from lmp.planners.model.pictures.marks import Drawing, draw, drawing_of, plain
from lmp.planners.model.pictures.numbers import numbers_of
from lmp.planners.model.request import Picture
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.scene import Scene

MOST_BYTES = 3_000_000
"""Largest PNG file that is sent; a third more as base64 stays below what the providers take [bytes]."""
SHRINKING = 0.75
"""What the width is multiplied with until the file is small enough [dimensionless]."""
NARROWEST = 16
"""Width at which shrinking ends [px]; no PNG of such a picture comes near the limit."""


@dataclass(frozen=True)
class View:
    """A picture as it is sent, and what it is of.

    Attributes:
        picture: The encoded picture.
        frame: The camera's frame.
        axes: Where the drawn axes start, x, y in the robot's frame [m]; None where none are drawn.
        tags: The numbers that are drawn.
    """

    picture: Picture
    frame: CameraFrame
    axes: tuple[float, float] | None = None
    tags: tuple[int, ...] = ()


_Key = tuple[int, str, int, int, tuple[tuple[str, int], ...]]
_encoded: dict[_Key, tuple[weakref.ref[CameraFrame], Picture, Drawing | None]] = {}
"""What was encoded, by the frame's identity, for as long as the frame lives."""


def pictures_of(scene: Scene, settings: ModelSettings) -> tuple[Picture, ...]:
    """The pictures of all cameras of a scene, as the settings want them; empty where they want none."""
    return tuple(view.picture for view in views_of(scene, settings))


def before_after(before: Scene, after: Scene, settings: ModelSettings) -> tuple[Picture, ...]:
    """The pictures of two looks, camera by camera, each labelled with its moment."""
    return tuple(view.picture for view in views_of(after, settings, before))


def views_of(
    scene: Scene, settings: ModelSettings, before: Scene | None = None, most_bytes: int = MOST_BYTES
) -> tuple[View, ...]:
    """The pictures of a look with what they are of; those of an earlier look before them, camera by camera.

    Args:
        scene: With the frames of its look.
        settings: Which pictures, and how wide at most.
        before: An earlier look, whose numbers the marks then keep; what is new gets none.
        most_bytes: Largest file [bytes].
    """
    if settings.pictures == "none":
        return ()
    numbers = numbers_of(before or scene) if settings.pictures == "marked" else {}
    if before is None:
        return tuple(_view(frame, scene, numbers, settings, most_bytes) for frame in scene.frames)
    cameras = dict.fromkeys(frame.name for look in (before, scene) for frame in look.frames)
    found = []
    for camera, (moment, look) in itertools.product(cameras, (("before", before), ("after", scene))):
        for frame in look.frames:
            if frame.name == camera:
                view = _view(frame, look, numbers, settings, most_bytes)
                found.append(replace(view, picture=replace(view.picture, label=f"{moment}: {view.picture.label}")))
    return tuple(found)


def label_of(frame: CameraFrame) -> str:
    """Name of a camera's picture in prompts."""
    return f"camera {frame.name}"


def _view(frame: CameraFrame, scene: Scene, numbers: Mapping[str, int], settings: ModelSettings, most_bytes: int) -> View:
    key = (id(frame), settings.pictures, settings.picture_width, most_bytes, tuple(numbers.items()))
    known = _encoded.get(key)
    if known is None or known[0]() is not frame:
        for stale in [other for other, (alive, *_) in list(_encoded.items()) if alive() is None]:
            _encoded.pop(stale, None)
        known = (weakref.ref(frame), *_drawn(frame, scene, numbers, settings, most_bytes))
        _encoded[key] = known
    _, picture, drawing = known
    if drawing is None:
        return View(picture, frame)
    origin = None if drawing.axes is None else drawing.axes.origin
    return View(picture, frame, origin, tuple(tag.number for tag in drawing.tags))


def _drawn(
    frame: CameraFrame, scene: Scene, numbers: Mapping[str, int], settings: ModelSettings, most_bytes: int
) -> tuple[Picture, Drawing | None]:
    width = min(settings.picture_width, frame.rgb.shape[1])
    while True:
        drawing = drawing_of(frame, scene, numbers, width) if settings.pictures == "marked" else None
        image = plain(frame, width)
        if drawing is not None:
            draw(image, drawing)
        buffer = io.BytesIO()
        image.save(buffer, format="PNG", compress_level=6)
        if buffer.tell() <= most_bytes or width <= NARROWEST:
            return Picture(label_of(frame), buffer.getvalue(), image.width, image.height), drawing
        width = max(NARROWEST, int(width * SHRINKING))
