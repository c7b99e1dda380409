"""Processes that a test interrupts run without coverage: Ctrl-C inside its tracer would leave the tracer's lock taken."""

from __future__ import annotations

import os


def untraced_environment() -> dict[str, str]:
    """The environment of this process without what makes a new process trace itself."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_PROCESS_")}
