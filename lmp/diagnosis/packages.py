"""Python, the packages and the extras, by what is installed: nothing is loaded for it."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator, Mapping
from importlib import metadata

from lmp.diagnosis.finding import Finding

DISTRIBUTION = "lmp-robotics"
OLDEST, PYBULLET_BELOW = (3, 11), (3, 12)
"""The oldest Python, and the first one for which PyBullet has no wheels."""
MODEL_CLIENTS = ("openai", "anthropic", "instructor")
"""Packages that only planners which ask a model need."""
NOTABLE = {
    "torch": "local models",
    "transformers": "local models",
    "numba": "nothing here needs it",
}
"""Packages that belong to an extra, or are often looked for, with what they are for."""


def python_findings() -> Iterator[Finding]:
    """Python and the system."""
    version, system = platform.python_version(), platform.platform()
    if sys.version_info[:2] < OLDEST:
        yield _python("problem", version, "It is too old.", "Use Python 3.11.")
    elif sys.version_info[:2] >= PYBULLET_BELOW:
        means = "PyBullet has wheels for Python 3.11 and older only: there is no simulation with contacts."
        yield _python("ok", version, means, "Use Python 3.11, or the kinematic world.")
    else:
        yield _python("ok", f"{version} ({platform.python_implementation()})")
    yield Finding(topic="python", name="system", state="ok", found=system[:200])


def _python(state: str, found: str, means: str = "", todo: str = "") -> Finding:
    return Finding.model_validate(
        {"topic": "python", "name": "Python", "state": state, "found": found, "means": means, "todo": todo, "needed": True}
    )


def package_findings() -> Iterator[Finding]:
    """The packages that this one depends on, and itself."""
    yield _package(DISTRIBUTION, "Without its metadata its dependencies are not known.", f"pip install {DISTRIBUTION}")
    for name, extra in _requirements().items():
        if not extra:
            what = "Planners that ask a model need it." if name in MODEL_CLIENTS else "Runs need it."
            yield _package(name, what, f"pip install --force-reinstall {DISTRIBUTION}", needed=name not in MODEL_CLIENTS)


def extra_findings() -> Iterator[Finding]:
    """Each extra: which of its packages are there."""
    extras: dict[str, list[str]] = {}
    for name, extra in _requirements().items():
        if extra:
            extras.setdefault(extra, []).append(name)
    for extra, names in sorted(extras.items()):
        versions = {name: version_of(name) for name in names}
        lacking = [name for name, version in versions.items() if version is None]
        there = ", ".join(f"{name} {version}" for name, version in versions.items() if version is not None)
        yield Finding(
            topic="extras",
            name=extra,
            state="missing" if lacking else "ok",
            found=(there or "none of its packages")[:1000],
            means=f"Not installed: {', '.join(lacking)}."[:1000] if lacking else "",
            todo=f"If you want it: pip install '{DISTRIBUTION}[{extra}]'" if lacking else "",
        )
    for name, purpose in NOTABLE.items():
        version = version_of(name)
        if version is not None and all(name not in names for names in extras.values()):
            yield Finding(topic="extras", name=name, state="ok", found=f"{version} ({purpose})")


def version_of(name: str) -> str | None:
    """The version of an installed distribution; None if it is not there."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _package(name: str, means: str, todo: str, needed: bool = True) -> Finding:
    version = version_of(name)
    if version is not None:
        return Finding(topic="packages", name=name, state="ok", found=version, needed=needed)
    return Finding(topic="packages", name=name, state="missing", found="not installed", means=means, todo=todo, needed=needed)


def _requirements() -> Mapping[str, str]:
    """The distributions that this one names, each with the extra that brings it; "" for what always comes along."""
    found: dict[str, str] = {}
    try:
        lines = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return found
    for line in sorted(lines):
        words, _, marker = line.partition(";")
        name = re.split(r"[\s<>=!~\[(]", words.strip(), maxsplit=1)[0]
        extra = re.search(r"""extra\s*==\s*['"]([^'"]+)['"]""", marker)
        if _not_for_this_python(marker):
            continue
        found.setdefault(name, extra[1] if extra else "")
    return found


def _not_for_this_python(marker: str) -> bool:
    """True if a requirement is for older Pythons only; the one kind of marker that is used here beside extras."""
    below = re.search(r"""python_version\s*<\s*['"](\d+)\.(\d+)['"]""", marker)
    return below is not None and sys.version_info[:2] >= (int(below[1]), int(below[2]))
