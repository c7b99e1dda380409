"""A parallel gripper as data: its fingers, their sizes, and how a width becomes positions of the joints that move them."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from lmp.schema.base import Model, Name, Text

Array = NDArray[np.float64]


class FingerTravel(Model):
    """One row of the table from width to joint position, for fingers on a linkage."""

    width: float = Field(ge=0.0, le=0.5, description="distance between the fingers [m]")
    position: float = Field(ge=-10.0, le=10.0, description="position of the joints there, [rad] or [m]")


class GripperDescription(Model):
    """A parallel gripper.

    Attributes:
        joints: Finger joints in the URDF, those that follow others included.
        links: Links that may touch what is grasped: one for each finger.
        travel: Where the joints are at which width, for fingers on a linkage; linear between the rows. Without it each joint
            is at half of the width, as a finger is that slides.
        ratios: Position of each joint as a multiple of what `travel` says; all 1 if left out.
        source: Where width, speed and forces come from; "assumed" in it marks figures that the maker does not publish.
    """

    joints: tuple[Name, ...] = Field(min_length=1, max_length=12)
    links: tuple[Name, ...] = Field(min_length=1, max_length=8)
    max_width: float = Field(gt=0.0, le=0.5, description="largest distance between the fingers [m]")
    speed: float = Field(gt=0.0, le=1.0, description="closing speed of the width [m/s]")
    force: float = Field(gt=0.0, le=200.0, description="default grasp force [N]")
    max_force: float = Field(gt=0.0, le=200.0, description="largest continuous force [N]")
    finger_depth: float = Field(gt=0.0, le=0.2, description="how far the finger pads reach back from the tool point [m]")
    tip_length: float = Field(ge=0.0, le=0.1, description="how far the fingers reach past the tool point at most [m]")
    finger_width: float = Field(gt=0.0, le=0.1, description="width of a finger across the closing direction [m]")
    finger_thickness: float = Field(gt=0.0, le=0.1, description="thickness of a finger's tip along the closing direction [m]")
    hand_width: float = Field(gt=0.0, le=0.5, description="outline of the palm across the closing direction [m]")
    hand_length: float = Field(gt=0.0, le=0.5, description="outline of the palm along the closing direction [m]")
    travel: tuple[FingerTravel, ...] = Field(default=(), max_length=256)
    ratios: tuple[float, ...] = Field(default=(), max_length=12, description="multiples of the travel [dimensionless]")
    source: Text = ""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        complaints = []
        if self.ratios and (len(self.ratios) != len(self.joints) or 0.0 in self.ratios):
            complaints.append(f"ratios: one number other than 0 for each of the {len(self.joints)} joints is needed")
        if self.travel:
            widths, positions = self._table
            if len(widths) < 2 or (np.diff(widths) <= 0.0).any():
                complaints.append("travel: two rows or more are needed, from the narrowest width to the widest")
            elif not ((np.diff(positions) > 0.0).all() or (np.diff(positions) < 0.0).all()):
                complaints.append("travel: the position has to rise from row to row, or to fall")
            if widths[-1] < self.max_width:
                complaints.append(f"travel: it ends at a width of {widths[-1]:g} m; max_width is {self.max_width:g} m")
        if complaints:
            raise ValueError("; ".join(complaints))
        return self

    def joint_positions(self, width: ArrayLike) -> Array:
        """Positions of the finger joints at a width [m]; a width beyond the travel's ends counts as that end.

        Args:
            width: One or many. Shape () or (n,).

        Returns:
            Position of each of `joints` [rad] or [m]. Shape (joints,) or (n, joints).
        """
        widths = np.asarray(width, dtype=np.float64)
        drive = np.interp(widths, *self._table) if self.travel else widths / 2
        positions: Array = drive[..., None] * self._multiples
        return positions

    def width_at(self, positions: ArrayLike) -> float:
        """Distance between the fingers at joint positions: the mean of what each joint says [m]. Shape (joints,)."""
        drive = np.asarray(positions, dtype=np.float64) / self._multiples
        if not self.travel:
            return float((2 * drive).mean())
        widths, table = self._table
        rising = np.argsort(table)
        return float(np.interp(drive, table[rising], widths[rising]).mean())

    def joint_rates(self, width: float) -> Array:
        """Motion of each joint for each metre of width [rad/m] or [1]. Shape (joints,)."""
        if not self.travel:
            return 0.5 * self._multiples
        widths, table = self._table
        row = int(np.clip(np.searchsorted(widths, width, side="right"), 1, len(widths) - 1))
        return float((table[row] - table[row - 1]) / (widths[row] - widths[row - 1])) * self._multiples

    @property
    def _table(self) -> tuple[Array, Array]:
        """Widths and positions of the travel. Shapes (rows,), (rows,)."""
        rows = np.array([(row.width, row.position) for row in self.travel]).reshape(-1, 2)
        return rows[:, 0], rows[:, 1]

    @property
    def _multiples(self) -> Array:
        return np.array(self.ratios) if self.ratios else np.ones(len(self.joints))
