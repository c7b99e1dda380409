"""Controllers that people already have, as robots."""

from __future__ import annotations

from lmp.execution.hardware.trajectory_executor import TrajectoryExecutor
from lmp.execution.hardware.wrap import wrap

__all__ = ["TrajectoryExecutor", "wrap"]
