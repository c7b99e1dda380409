"""Pixels of an answer, written as its model writes them, in the pixels of the camera's own frame."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from lmp.model_settings import ModelSettings
from lmp.planners.model.pictures.pixels import PixelConvention, Size, slip_of_convention, to_pixels
from lmp.schema.base import Model
from lmp.schema.scene import Scene

SomeModel = TypeVar("SomeModel", bound=Model)
POINTS = (("column", "row"), ("left", "top"), ("right", "bottom"))
"""Pairs of fields that hold a pixel, wherever they stand beside a `camera`."""


def in_frame_pixels(answer: SomeModel, scene: Scene, settings: ModelSettings) -> SomeModel:
    """The answer with its pixels as the compiler reads them; the same where it names none.

    What lies outside of the picture stays as it is: the compiler says so.
    """
    said = answer.model_dump(mode="json")
    changed = _changed(said, scene, settings)
    return answer if changed == said else type(answer).model_validate(changed)


def pixel_complaints(raw: Any, scene: Scene, settings: ModelSettings, place: str = "", camera: Any = None) -> Iterator[str]:
    """Points that lie outside of the picture that was sent, with the convention in which they may have been written."""
    if isinstance(raw, list):
        for index, item in enumerate(raw[:64]):
            yield from pixel_complaints(item, scene, settings, f"{place}.{index}", camera)
    if not isinstance(raw, dict):
        return
    camera = raw.get("camera", camera)
    frame = scene.frame(camera) if isinstance(camera, str) else None
    for field, value in raw.items():
        yield from pixel_complaints(value, scene, settings, f"{place}.{field}" if place else field, camera)
    if frame is None:
        return
    height, width = frame.rgb.shape[:2]
    sent, unit = _sent(width, height, settings), _unit(settings)
    for across, down in POINTS:
        point = _point(raw, across, down)
        if point is None:
            continue
        try:
            to_pixels(point, unit, width, height, sent)
        except ValueError as error:
            said = str(error).replace("x ", f"{across} ", 1).replace("y ", f"{down} ", 1)
            yield f"{place}: {said}.{slip_of_convention(point, unit, sent)}"


def _point(raw: dict[str, Any], across: str, down: str) -> tuple[float, float] | None:
    x, y = raw.get(across), raw.get(down)
    return (float(x), float(y)) if isinstance(x, int | float) and isinstance(y, int | float) else None


def _sent(width: int, height: int, settings: ModelSettings) -> Size:
    """Size of a picture as it is sent [px]."""
    wide = min(settings.picture_width, width)
    return wide, max(1, round(height * wide / width))


def _unit(settings: ModelSettings) -> PixelConvention:
    """The unit of pixels. The fields say which number is which, so the order in which a model writes them does not count."""
    return "thousand_xy" if settings.pixels == "thousand_yx" else settings.pixels


def _changed(data: Any, scene: Scene, settings: ModelSettings, camera: str | None = None) -> Any:
    if isinstance(data, list):
        return [_changed(item, scene, settings, camera) for item in data]
    if not isinstance(data, dict):
        return data
    camera = data.get("camera", camera)
    frame = scene.frame(camera)
    changed = {field: _changed(value, scene, settings, camera) for field, value in data.items()}
    if frame is None:
        return changed
    height, width = frame.rgb.shape[:2]
    sent = _sent(width, height, settings)
    for across, down in POINTS:
        point = _point(data, across, down)
        if point is not None:
            try:
                changed[across], changed[down] = to_pixels(point, _unit(settings), width, height, sent)
            except ValueError:
                continue
    return changed
