"""Controllers that people already have, as robots."""

from __future__ import annotations

from lmp.hardware.trajectory_executor import TrajectoryExecutor
from lmp.hardware.wrap import wrap

__all__ = ["TrajectoryExecutor", "wrap"]
