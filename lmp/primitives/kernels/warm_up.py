"""Compiles every kernel ahead of the first motion."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from lmp.primitives.kernels import __name__ as package
from lmp.primitives.kernels.compiled import KERNELS


def warm_up() -> tuple[str, ...]:
    """Loads all kernels; returns the names of those that were not in the cache and had to be compiled."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        importlib.import_module(f"{package}.{module.name}")
    return tuple(kernel.name for kernel in KERNELS if kernel.prepare())
