"""Provokes every failure in a real run and keeps its picture and what its record says.

    python docs/failures/record.py [CODE ...]

You see each failure's evidence; `docs/images/failures/` is written again. `make docs` puts it into docs/failures.md.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from causes import BOWL, CAUSES, SEED
from provoke import provoke
from terminal import not_run, unfinished, wrong_use
from verdicts import examples

FOLDER = Path(__file__).parents[1] / "images" / "failures"
FACTS = FOLDER / "recorded.json"
SHOWN = {"wrong_use": wrong_use, "unfinished": unfinished, "not_run": not_run}
"""What only a terminal shows."""


def main(codes: list[str]) -> None:
    """Records the failures of these codes, or all of them and the verdicts' sentences."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    recorded: dict[str, Any] = {"seed": SEED, "violations": {}, "failures": {}}
    if FACTS.is_file():
        recorded = json.loads(FACTS.read_text(encoding="utf-8"))
    if not codes or "verdicts" in codes:
        recorded["violations"] = examples()
    for cause in CAUSES:
        if not codes or cause.outcome.value in codes:
            facts, picture = provoke(cause)
            _keep(recorded, cause.outcome.value, facts, picture)
    for code, show in SHOWN.items():
        if not codes or code in codes:
            words, picture = show()
            _keep(recorded, code, {"instruction": BOWL, "cause": words}, picture)
    _write(recorded)


def _keep(recorded: dict[str, Any], code: str, facts: dict[str, Any], picture: bytes) -> None:
    (FOLDER / f"{code}.png").write_bytes(picture)
    recorded["failures"][code] = facts
    _write(recorded)
    words = facts.get("evidence") or facts.get("message") or facts["cause"]
    sys.stdout.write(f"{code}: {words} [{len(picture) / 1000:.0f} kB]\n")
    sys.stdout.flush()


def _write(recorded: dict[str, Any]) -> None:
    recorded["failures"] = dict(sorted(recorded["failures"].items()))
    FACTS.write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
