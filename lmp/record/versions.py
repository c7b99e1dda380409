"""Versions of what a run was made with."""

from __future__ import annotations

import re


def versions() -> dict[str, str]:
    """Versions of Python, the system, this package and everything that it depends on directly, by name."""
    import platform
    from importlib import metadata

    found = {"python": platform.python_version(), "system": platform.platform()}
    try:
        requirements = metadata.requires("lmp-robotics") or []
    except metadata.PackageNotFoundError:
        return found
    names = [re.split(r"[\s<>=!~;\[(]", line, maxsplit=1)[0] for line in requirements if "extra ==" not in line]
    for name in ("lmp-robotics", *sorted(names)):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
