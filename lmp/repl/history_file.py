"""The file that keeps typed lines from one conversation to the next: in the user's own state folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def history_file(environment: Mapping[str, str]) -> Path | None:
    """The file, with its folder made, readable by the user alone; None where there is no place for it."""
    base = environment.get("XDG_STATE_HOME", "")
    home = environment.get("HOME", "")
    if not base.startswith("/"):
        if not home.startswith("/"):
            return None
        base = f"{home}/.local/state"
    path = Path(base) / "lmp" / "repl_history"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600))
    except OSError:
        return None
    return path
