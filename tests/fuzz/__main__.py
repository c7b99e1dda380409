"""`python -m tests.fuzz`: many cases of each fuzz target, by hypothesis, or by atheris where that is installed.

Every case has a budget of processor time. What breaks a target that takes bytes is written into its corpus.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent))


CHUNK = 250
"""Cases of one run of hypothesis [count]."""


class _Count:
    """How many cases there were, and which was the slowest."""

    def __init__(self) -> None:
        self.cases, self.slowest, self.case, self.broke = 0, 0.0, "", ""

    def run(self, target: Any, case: object) -> None:
        from fuzz_target import budget

        self.cases += 1
        with budget(target.seconds) as used:
            target.check(case)
            seconds = used()
        if seconds > self.slowest:
            self.slowest, self.case = seconds, repr(case)[:100]


def fuzz(target: Any, cases: int, seed: int, most: float) -> bool:
    """Tries the corpus and so many random cases; says what came out; True if nothing broke."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    count, begun = _Count(), time.monotonic()
    last: list[object] = [None]

    def chunk(number: int, size: int) -> None:
        """Some of the cases: the time is looked at between chunks, and none grows large in memory."""

        @seeded(seed * 1_000_003 + number)
        @settings(
            max_examples=size,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        )
        @given(target.cases)
        def survive(case: object) -> None:
            last[0] = case
            count.run(target, case)
            last[0] = None

        survive()

    good = True
    try:
        for data in target.corpus():
            last[0] = data
            count.run(target, data)
        last[0] = None
        for number in range(-(-cases // CHUNK)):
            if time.monotonic() - begun < most:
                chunk(number, min(CHUNK, cases - number * CHUNK))
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        good = False
        traceback.print_exc()
        sys.stdout.write(f"{target.name}: broken by {last[0]!r:.2000}\n")
        if isinstance(last[0], bytes):
            from fuzz_target import CORPUS

            place = CORPUS / target.name / hashlib.sha256(last[0]).hexdigest()[:12]
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(last[0])
            sys.stdout.write(f"{target.name}: kept as {place}\n")
    seconds = time.monotonic() - begun
    sys.stdout.write(
        f"{target.name:12s} {'good  ' if good else 'BROKEN'} {count.cases:7d} cases in {seconds:7.1f} s, "
        f"slowest {count.slowest:.2f} s of {target.seconds:g} s: {count.case}\n"
    )
    sys.stdout.flush()
    return good


def guided(target: Any, cases: int) -> None:
    """Lets atheris change bytes towards new lines of the library; ends the process."""
    import atheris

    atheris.Setup(
        [sys.argv[0], f"-runs={cases}", "-max_len=20000", str(_seeds(target))], lambda data: target.check(bytes(data))
    )
    atheris.Fuzz()


def _seeds(target: Any) -> Path:
    """A folder of inputs to begin with, which atheris adds to."""
    from file_targets import folder

    place = folder() / f"atheris-{target.name}"
    place.mkdir()
    for index, data in enumerate(target.corpus()):
        (place / str(index)).write_bytes(data)
    return place


def main() -> int:
    """Runs the targets that were asked for; 1 if one of them broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--target", action="append", help="a target's name; all where left out")
    parser.add_argument("--cases", type=int, default=1000, help="cases for each target")
    parser.add_argument("--seed", type=int, default=0, help="seed of the cases")
    parser.add_argument("--minutes", type=float, default=1e6, help="longest time for each target")
    parser.add_argument("--atheris", action="store_true", help="coverage-guided, for one --target that takes bytes")
    asked = parser.parse_args()
    if asked.atheris:
        import atheris

        with atheris.instrument_imports(include=["lmp"]):
            from fuzz_targets import TARGETS
        guided(TARGETS[asked.target[0]], asked.cases)
    from fuzz_targets import TARGETS

    names = asked.target or list(TARGETS)
    if unknown := set(names) - set(TARGETS):
        parser.error(f"no target {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    results = [fuzz(TARGETS[name], asked.cases, asked.seed, 60.0 * asked.minutes) for name in names]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
