"""The axes of the robot's frame and a scale bar, at a spot of the ground where a picture shows them whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.planners.model.pictures.ground import Ground, seen_plane
from lmp.schema.camera_frame import CameraFrame

LENGTH = 0.10
"""Length of an axis and of the scale bar [m]."""
BAR_OFFSET = 0.045
"""How far before the axes' origin the scale bar lies [m]."""
GRID = 0.02
"""Distance of the spots that are tried [m]."""
EDGE = 6.0
"""Least distance of what is drawn from the picture's edge [px]."""

X_LABEL, Y_LABEL, BAR_LABEL = "x forward", "y left", "0.10 m"


@dataclass(frozen=True)
class Stroke:
    """A line on the ground with its label, in a frame's pixels.

    Attributes:
        start, end: Ends of the line (column, row) [px].
        label: What is written at it.
        box: Left, top, right, bottom of the label [px].
    """

    start: tuple[float, float]
    end: tuple[float, float]
    label: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Axes:
    """The axes that are drawn on the ground.

    Attributes:
        origin: Where the axes start, x, y in the robot's frame [m].
        x, y: The axes, each `LENGTH` long.
        bar: The scale bar, along y.
    """

    origin: tuple[float, float]
    x: Stroke
    y: Stroke
    bar: Stroke

    @property
    def boxes(self) -> tuple[tuple[float, float, float, float], ...]:
        """The rectangles that no mark may cover: left, top, right, bottom [px]."""
        lines = (self.x, self.y, self.bar)
        return (*(stroke.box for stroke in lines), *(_around(stroke) for stroke in lines))


def axes_of(
    frame: CameraFrame, ground: Ground, occupied: NDArray[np.bool_], text: tuple[tuple[float, float], ...]
) -> Axes | None:
    """The axes at the spot nearest to the lower left corner of the picture; None where no spot shows them whole.

    Args:
        frame: The picture.
        ground: What objects stand on.
        occupied: Where objects are that no label may cover. Shape (height, width).
        text: Width and height of the labels of x, y and the bar [px].
    """
    spots = _spots(ground)
    lines = np.array([[[0, 0], [LENGTH, 0]], [[0, 0], [0, LENGTH]], [[-BAR_OFFSET, 0], [-BAR_OFFSET, LENGTH]]])
    shares = np.linspace(0.0, 1.0, 7)[:, None]
    samples = np.concatenate([line[0] + shares * (line[1] - line[0]) for line in lines])
    world = ground.points(spots[:, None] + samples)
    shown = seen_plane(frame, world).all(axis=1)
    pixels = frame.project(world)
    height, width = frame.depth.shape
    with np.errstate(invalid="ignore"):
        inner = ((pixels >= EDGE) & (pixels <= np.array([width, height]) - EDGE)).all(axis=(1, 2))
    corner = np.array([0.0, height])
    distance = np.linalg.norm(pixels.mean(axis=1) - corner, axis=1)
    for index in sorted(np.flatnonzero(shown & inner), key=lambda index: (distance[index], index)):
        axes = _at(frame, ground, spots[index], lines, text)
        if axes is not None and all(_clear(box, occupied) for box in (axes.x.box, axes.y.box, axes.bar.box)):
            return axes
    return None


def _spots(ground: Ground) -> NDArray[np.float64]:
    low, high = np.array(ground.lower), np.array(ground.upper)
    grids = (np.arange(np.ceil(a / GRID), np.floor(b / GRID) + 1) * GRID for a, b in zip(low, high, strict=True))
    x, y = np.meshgrid(*grids, indexing="ij")
    return np.column_stack([x.ravel(), y.ravel()])


def _at(
    frame: CameraFrame,
    ground: Ground,
    spot: NDArray[np.float64],
    lines: NDArray[np.float64],
    text: tuple[tuple[float, float], ...],
) -> Axes | None:
    ends = frame.project(ground.points(spot + lines))
    middle = ends[:2].reshape(-1, 2).mean(axis=0)
    strokes = []
    for (start, end), label, size in zip(ends, (X_LABEL, Y_LABEL, BAR_LABEL), text, strict=True):
        # Axes are named at their tips; the bar in its middle, on the side away from the axes.
        foot = end if label is not BAR_LABEL else (start + end) / 2
        away = end - start if label is not BAR_LABEL else foot - middle
        box = _label_box(foot, away / max(float(np.linalg.norm(away)), 1e-9), size)
        strokes.append(Stroke(_pair(start), _pair(end), label, box))
    axes = Axes(_pair(spot), *strokes)
    boxes = [stroke.box for stroke in strokes]
    apart = all(not _overlap(a, b) for index, a in enumerate(boxes) for b in boxes[index + 1 :])
    return axes if apart else None


def _pair(values: NDArray[np.float64]) -> tuple[float, float]:
    return float(values[0]), float(values[1])


def _label_box(
    foot: NDArray[np.float64], away: NDArray[np.float64], size: tuple[float, float]
) -> tuple[float, float, float, float]:
    """The label's place: just beyond a point, in a direction."""
    half = np.array(size) / 2
    reach = float(min(half / np.maximum(np.abs(away), 1e-9)))
    left, top = foot + away * (reach + 5.0) - half
    return float(left), float(top), float(left + size[0]), float(top + size[1])


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _clear(box: tuple[float, float, float, float], occupied: NDArray[np.bool_]) -> bool:
    height, width = occupied.shape
    left, top, right, bottom = box
    if left < 1 or top < 1 or right > width - 1 or bottom > height - 1:
        return False
    return not bool(occupied[int(top) : int(bottom) + 1, int(left) : int(right) + 1].any())


def _around(stroke: Stroke) -> tuple[float, float, float, float]:
    (a, b), (c, d) = stroke.start, stroke.end
    return min(a, c), min(b, d), max(a, c), max(b, d)
