"""How long a compiled roll-out takes, alone and in a batch, against the compilation and the memory's own speed.

Run: python benchmarks/rollout.py
You see: milliseconds (medians) for 3 dimensions and 2000 samples; compare the ratios, not the times of two machines.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np

from lmp.primitives.dmp.basis import GaussianBasis
from lmp.primitives.dmp.default_preset import compile_default
from lmp.primitives.dmp.dmp import ForcedResponse, TransformationSystem

SAMPLES, DIMS, BATCH = 2000, 3, 1000


def milliseconds(work: Callable[[], object], repeats: int) -> float:
    """Median wall time of a call [ms]."""
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return 1e3 * statistics.median(times)


def main() -> None:
    """Measure and print."""
    instants = np.linspace(0.0, 2.0, SAMPLES)
    rollout = compile_default(instants, 2.0)
    rng = np.random.default_rng(0)
    one = rng.normal(size=(len(rollout.parameters), DIMS))
    many = rng.normal(size=(BATCH, len(rollout.parameters), DIMS))
    target = np.empty((SAMPLES, BATCH * DIMS))
    narrow = GaussianBasis(11, 1600.0, 4.5)

    single = milliseconds(lambda: rollout(one), 300)
    each = milliseconds(lambda: rollout(many), 7) / BATCH
    write = 3.0 * milliseconds(lambda: target.fill(1.0), 7) / BATCH
    rows = [
        (
            "forced response of the published bases",
            milliseconds(lambda: ForcedResponse(TransformationSystem(20.8, 5.2), narrow, 2.0), 5),
        ),
        ("single roll-out: position, velocity, acceleration", single),
        (f"each of a batch of {BATCH}", each),
        ("writing that output once, for each", write),
    ]
    for name, value in rows:
        print(f"{name:<52} {value:10.4f} ms")
    print(f"{'single over batch':<52} {single / each:10.2f}")
    print(f"{'batch over the writing of its output':<52} {each / write:10.2f}")


if __name__ == "__main__":
    main()
