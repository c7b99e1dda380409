"""How long `import lmp` takes in a fresh interpreter, beside an empty one: medians of 15 runs, alternating.

    python benchmarks/import_time.py

The difference is what `import lmp` costs; 0.3 s is the most that it may cost.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15


def seconds(statement: str) -> float:
    """Wall time of an interpreter that runs one statement [s]."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter() - begin


def main() -> None:
    """Measures and prints."""
    pairs = [(seconds("pass"), seconds("import lmp")) for _ in range(RUNS)]
    empty, whole = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"empty interpreter {empty:.3f} s, with `import lmp` {whole:.3f} s: {whole - empty:.3f} s for the import")


if __name__ == "__main__":
    main()
