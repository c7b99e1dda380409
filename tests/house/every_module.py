"""All modules of the package, and all classes of one kind that they define."""

from __future__ import annotations

import importlib
import pkgutil

import lmp


def modules() -> list[str]:
    """Names of all modules of the package, sorted."""
    return sorted(found.name for found in pkgutil.walk_packages(lmp.__path__, "lmp.") if not found.name.endswith("__main__"))


def subclasses(base: type) -> list[type]:
    """All classes of the package below `base`, by name, after every module was imported."""
    for name in modules():
        importlib.import_module(name)
    found, queue = set(), [base]
    while queue:
        for child in queue.pop().__subclasses__():
            if child.__module__.startswith("lmp.") and child not in found:
                found.add(child)
                queue.append(child)
    return sorted(found, key=lambda cls: (cls.__module__, cls.__qualname__))
