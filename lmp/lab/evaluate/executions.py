"""Every motion of a recorded run, those to the rest posture among them."""

from __future__ import annotations

from pathlib import Path

from lmp.record import RunFolder
from lmp.schema.findings import Execution


def executions_of(run: Path) -> tuple[Execution, ...]:
    """Return how each motion of a run ended, in order.

    Args:
        run: The run folder.
    """
    found = (event.data.get("execution") for event in RunFolder.open(run).events())
    return tuple(Execution.model_validate(execution) for execution in found if execution is not None)
