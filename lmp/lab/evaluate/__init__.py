"""Many episodes, judged by the truth of their tasks."""

from __future__ import annotations

from lmp.lab.evaluate.evaluation import evaluate

__all__ = ["evaluate"]
