"""Pixels of an answer, written as its model writes them, in the pixels of the camera's own frame."""

from __future__ import annotations

from typing import Any, TypeVar

from lmp.model_settings import ModelSettings
from lmp.planners.model.pictures.pixels import to_pixels
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
    wide = min(settings.picture_width, width)
    sent = (wide, max(1, round(height * wide / width)))
    for across, down in POINTS:
        x, y = data.get(across), data.get(down)
        if isinstance(x, int | float) and isinstance(y, int | float):
            # The fields say which is which, so only the unit counts, not the order in which the model would write them.
            unit = "thousand_xy" if settings.pixels == "thousand_yx" else settings.pixels
            try:
                changed[across], changed[down] = to_pixels((float(x), float(y)), unit, width, height, sent)
            except ValueError:
                continue
    return changed
