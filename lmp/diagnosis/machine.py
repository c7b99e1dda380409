"""Processor cores, and graphics cards as the packages that would use them see them."""

from __future__ import annotations

import os
from collections.abc import Iterator

from lmp.diagnosis.child import asked_of_a_child
from lmp.diagnosis.finding import Finding
from lmp.diagnosis.packages import version_of

SECONDS = 90.0
"""How long a package may take to say what it sees [s]; torch alone is loaded for many seconds from a slow disk."""
TORCH = """
import json, torch
names = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
mps = getattr(torch.backends, "mps", None)
print(json.dumps({"names": names + (["Apple Metal"] if mps is not None and mps.is_available() else [])}))
"""
NUMBA = """
import json
from numba import cuda
names = [d.name.decode() if isinstance(d.name, bytes) else str(d.name) for d in cuda.gpus] if cuda.is_available() else []
print(json.dumps({"names": names}))
"""


def machine_findings() -> Iterator[Finding]:
    """Cores, and one finding for each package that could use a graphics card."""
    yield _cores()
    for package, code in (("torch", TORCH), ("numba", NUMBA)):
        if version_of(package) is not None:
            yield _cards(package, asked_of_a_child(code, SECONDS))


def _cores() -> Finding:
    every = os.cpu_count() or 1
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else every
    found = f"{ours} core{'' if ours == 1 else 's'}" + (f" of {every} are ours" if ours != every else "")
    return Finding(topic="machine", name="processor", state="ok", found=found)


def _cards(package: str, answer: object) -> Finding:
    if not isinstance(answer, dict):
        return Finding(
            topic="machine",
            name=f"graphics card ({package})",
            state="problem",
            found=str(answer)[:500],
            means=f"{package} is installed and cannot be loaded.",
            todo=f"Install {package} again, or remove it.",
        )
    names = [str(name)[:200] for name in answer.get("names", ())][:16]
    if names:
        return Finding(topic="machine", name=f"graphics card ({package})", state="ok", found=", ".join(names)[:1000])
    return Finding(
        topic="machine",
        name=f"graphics card ({package})",
        state="missing",
        found=f"{package} sees none",
        means="Local models run on the processor, slowly. Nothing else needs one.",
        todo="",
    )
