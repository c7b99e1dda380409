"""Looks that could take this process down, or take long: each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any


def asked_of_a_child(code: str, seconds: float) -> dict[str, Any] | str:
    """The JSON object that Python code prints as its last line; or why there is none.

    Args:
        code: Ours.
        seconds: When it is given up [s].
    """
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
    except subprocess.TimeoutExpired:
        return f"it was not done after {seconds:.0f} s"
    except OSError as error:
        return f"no process could be started: {error.strerror or error}"
    lines = done.stdout.splitlines()
    try:
        answer = json.loads(lines[-1])
    except (IndexError, ValueError):
        if done.returncode < 0:
            return f"it was ended by signal {-done.returncode}"
        words = done.stderr.strip().splitlines()
        return words[-1][:500] if words else f"it ended with status {done.returncode}"
    return answer if isinstance(answer, dict) else "it gave no answer"
