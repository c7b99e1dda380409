"""A camera's picture with numbered marks at the objects, and the robot's frame and a scale drawn on what they stand on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lmp.planners.model.pictures.axes import BAR_LABEL, X_LABEL, Y_LABEL, Axes, Stroke, axes_of
from lmp.planners.model.pictures.ground import ground_of
from lmp.planners.model.pictures.sight import mask_of, sights
from lmp.planners.model.pictures.tags import Tag, placed
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.scene import Scene

if TYPE_CHECKING:
    from PIL.Image import Image

RADIUS_SHARE, RADII = 1 / 64, (8.0, 16.0)
"""Radius of a disc as a share of the picture's width [dimensionless], and its range [px]."""
OVERSAMPLING = 3
"""Marks are drawn on so many times finer a grid, so that they have smooth edges."""
DARK, LIGHT, RED, GREEN = (16, 18, 24), (255, 255, 255), (214, 28, 36), (10, 140, 46)


@dataclass(frozen=True)
class Drawing:
    """The marks that are drawn into a picture, in the pixels of the camera's frame.

    Attributes:
        tags: The marks.
        axes: Axes and scale bar, None where no spot shows them whole.
        radius: Of a disc [px].
        scale: Pixels of the sent picture for a pixel of the frame [dimensionless].
    """

    tags: tuple[Tag, ...]
    axes: Axes | None
    radius: float
    scale: float


def drawing_of(frame: CameraFrame, scene: Scene, numbers: Mapping[str, int], width: int | None = None) -> Drawing:
    """Place marks, axes and bar in a picture that is sent with a width [px], None for the frame's own."""
    scale = (width or frame.rgb.shape[1]) / frame.rgb.shape[1]
    radius = float(np.clip((width or frame.rgb.shape[1]) * RADIUS_SHARE, *RADII)) / scale
    names = frozenset(numbers) & frozenset(scene.names)
    occupied = mask_of(frame, names)
    furniture = frozenset(support.name for support in scene.supports)
    everything = mask_of(frame, frozenset(frame.labels) - furniture)
    axes = axes_of(frame, ground_of(scene), everything, _label_sizes(radius * scale, scale))
    tags = placed(sights(frame, names), numbers, occupied, radius, axes.boxes if axes is not None else ())
    return Drawing(tags, axes, radius, scale)


def marked(frame: CameraFrame, scene: Scene, numbers: Mapping[str, int], width: int | None = None) -> Image:
    """The picture with its marks, at a width [px], None for the frame's own.

    Args:
        frame: The picture.
        scene: What is in it.
        numbers: Number by object name; what is not in it gets no mark.
        width: Of the result. Marks are drawn at this size, so that they stay legible.
    """
    picture = plain(frame, width)
    draw(picture, drawing_of(frame, scene, numbers, picture.width))
    return picture


def draw(picture: Image, drawing: Drawing) -> None:
    """Draws marks, axes and bar into a picture."""
    from PIL import Image, ImageDraw

    large = Image.new("RGBA", (picture.width * OVERSAMPLING, picture.height * OVERSAMPLING))
    pen = _Pen(ImageDraw.Draw(large), drawing)
    if drawing.axes is not None:
        pen.bar(drawing.axes.bar)
        pen.arrow(drawing.axes.x, RED)
        pen.arrow(drawing.axes.y, GREEN)
    for tag in drawing.tags:
        pen.leader(tag)
    for tag in drawing.tags:
        pen.disc(tag)
    drawn = large.resize(picture.size, Image.Resampling.BOX)
    picture.paste(drawn, (0, 0), drawn)


def plain(frame: CameraFrame, width: int | None = None) -> Image:
    """The picture without marks, at a width [px], None for the frame's own."""
    from PIL import Image

    picture = Image.fromarray(np.ascontiguousarray(frame.rgb))
    if width is None or width == picture.width:
        return picture
    return picture.resize((width, max(1, round(picture.height * width / picture.width))), Image.Resampling.LANCZOS)


def _font(size: float) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size=size)


def _label_sizes(radius: float, scale: float) -> tuple[tuple[float, float], ...]:
    """Width and height of the axes' labels in the frame's pixels."""
    boxes = (_font(radius * 1.4).getbbox(label, stroke_width=2) for label in (X_LABEL, Y_LABEL, BAR_LABEL))
    return tuple(((right - left) / scale, (bottom - top) / scale) for left, top, right, bottom in boxes)


class _Pen:
    """Draws on the fine grid; coordinates come in the frame's pixels, widths in the sent picture's."""

    def __init__(self, draw: Any, drawing: Drawing):
        self._draw = draw
        self._scale = drawing.scale * OVERSAMPLING
        self._radius = drawing.radius * drawing.scale * OVERSAMPLING

    def _at(self, point: tuple[float, float]) -> tuple[float, float]:
        return point[0] * self._scale, point[1] * self._scale

    def disc(self, tag: Tag) -> None:
        """A dark disc with a light rim and the number in it."""
        x, y = self._at((tag.column, tag.row))
        self._circle(x, y, self._radius, LIGHT)
        self._circle(x, y, self._radius - 1.5 * OVERSAMPLING, DARK)
        text = str(tag.number)
        size = self._radius * (1.45 if len(text) < 3 else 1.0)
        self._draw.text(
            (x, y), text, fill=LIGHT, font=_font(size), anchor="mm", stroke_width=OVERSAMPLING // 3, stroke_fill=LIGHT
        )

    def leader(self, tag: Tag) -> None:
        """A line from a disc that lies beside its object to the pixel that it names, with a dot there."""
        if not tag.beside:
            return
        start, end = self._at((tag.column, tag.row)), self._at((tag.sight.column + 0.5, tag.sight.row + 0.5))
        self._line(start, end, LIGHT, 4)
        self._circle(*end, 3.5 * OVERSAMPLING, LIGHT)
        self._line(start, end, DARK, 2)
        self._circle(*end, 2.5 * OVERSAMPLING, DARK)

    def arrow(self, stroke: Stroke, colour: tuple[int, int, int]) -> None:
        """An axis with its head and its name."""
        start, end = np.array(self._at(stroke.start)), np.array(self._at(stroke.end))
        length = max(float(np.linalg.norm(end - start)), 1e-9)
        along = (end - start) / length
        across = np.array([-along[1], along[0]])
        head = min(9.0 * OVERSAMPLING, length / 2)
        neck = end - along * head
        for fill, extra in ((LIGHT, 1.5 * OVERSAMPLING), (colour, 0.0)):
            self._line(tuple(start), tuple(neck), fill, 3 + 2 * extra / OVERSAMPLING)
            corners = (end + along * extra, neck + across * (head / 2 + extra), neck - across * (head / 2 + extra))
            self._draw.polygon([tuple(corner) for corner in corners], fill=fill)
        self._label(stroke, colour)

    def bar(self, stroke: Stroke) -> None:
        """The scale bar with its length."""
        start, end = self._at(stroke.start), self._at(stroke.end)
        self._line(start, end, LIGHT, 6)
        self._line(start, end, DARK, 3)
        for point in (start, end):
            self._circle(*point, 3.5 * OVERSAMPLING, LIGHT)
            self._circle(*point, 2.5 * OVERSAMPLING, DARK)
        self._label(stroke, DARK)

    def _label(self, stroke: Stroke, colour: tuple[int, int, int]) -> None:
        left, top, right, bottom = stroke.box
        middle = self._at(((left + right) / 2, (top + bottom) / 2))
        font = _font(self._radius * 1.4)
        self._draw.text(
            middle, stroke.label, fill=colour, font=font, anchor="mm", stroke_width=2 * OVERSAMPLING, stroke_fill=LIGHT
        )

    def _line(self, start: tuple[float, ...], end: tuple[float, ...], colour: tuple[int, int, int], width: float) -> None:
        self._draw.line([*start, *end], fill=colour, width=round(width * OVERSAMPLING))

    def _circle(self, x: float, y: float, radius: float, colour: tuple[int, int, int]) -> None:
        self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
