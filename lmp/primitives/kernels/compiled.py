"""The door to Numba: functions of arrays with declared types, compiled at their first call and kept on disk.

The types are declared, so that each kernel is compiled once and never again for an array that happens to be read-only.
Numba's own cache does not see that a function called by a kernel has changed in another file. Here the folder of the
cache is named after the text of all kernels, so that a changed kernel is never answered by an old one.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeVar, cast

import numba
from numba import types
from numba.core import config

P = ParamSpec("P")
R = TypeVar("R")
Function = TypeVar("Function", bound=Callable[..., Any])

REAL, INTEGER, FLAG = types.float64, types.int64, types.boolean


def array(dims: int, of: Any = REAL) -> Any:
    """The type of an array that is read: C-contiguous, read-only or not."""
    return types.Array(of, dims, "C", readonly=True)


def filled(dims: int, of: Any = REAL) -> Any:
    """The type of an array that is written: C-contiguous."""
    return types.Array(of, dims, "C")


class Kernel(Generic[P, R]):
    """A compiled function; called like the function that it is made of.

    Attributes:
        name: The function's name.
        plain: The function itself, which Python can run.
    """

    def __init__(self, function: Callable[P, R], signature: Any):
        self.name, self.plain = function.__name__, function
        self._signature = signature
        self._compiled: Callable[P, R] | None = None
        functools.update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if self._compiled is None:
            self.prepare()
        return self._compiled(*args, **kwargs)  # type: ignore[misc]

    @property
    def direct(self) -> Callable[P, R]:
        """The machine code without this wrapper, for who calls it every tick: a quarter of a microsecond less."""
        self.prepare()
        assert self._compiled is not None
        return self._compiled

    def prepare(self) -> bool:
        """Loads it from the cache, or compiles it, which is logged; true if it had to be compiled."""
        if self._compiled is not None:
            return False
        if not self.kept:
            logging.getLogger(__name__).info("compiling %s", self.name)
        with _cache_folder() as kept:
            dispatcher = numba.njit(self.plain, cache=kept, error_model="numpy")
            dispatcher.compile(self._signature)
        dispatcher.disable_compile()
        self._compiled = dispatcher
        return not dispatcher.stats.cache_hits

    @property
    def kept(self) -> bool:
        """Whether the cache has it from an earlier process."""
        return any(cache_folder().glob(f"*/*.{self.name}-*.nbi"))

    def __reduce__(self) -> str:
        return self.name


KERNELS: list[Kernel[..., Any]] = []
"""All kernels of the modules that were loaded so far."""


def kernel(returns: Any, *arguments: Any) -> Callable[[Callable[P, R]], Kernel[P, R]]:
    """Makes a function a kernel with these types."""

    def declared(function: Callable[P, R]) -> Kernel[P, R]:
        made = Kernel(function, returns(*arguments))
        KERNELS.append(made)
        return made

    return declared


def inner(function: Function) -> Function:
    """Makes a function one that kernels call; it becomes part of each of them."""
    return cast(Function, numba.njit(function, error_model="numpy"))


def cache_folder() -> Path:
    """Where compiled kernels are kept: below LMP_CACHE_DIR, XDG_CACHE_HOME or ~/.cache, named after their sources."""
    given = os.environ.get("LMP_CACHE_DIR")
    home = os.environ.get("XDG_CACHE_HOME")
    base = Path(given) if given else (Path(home) if home else Path("~/.cache").expanduser()) / "lmp"
    return base / "kernels" / _sources()


@functools.cache
def _sources() -> str:
    """A name for the text of all kernels, Numba's version and Python's."""
    digest = hashlib.sha256(f"{numba.__version__} {sys.version}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _cache_folder() -> Iterator[bool]:
    """Numba keeps what it compiles in our folder while this lasts; false where nothing can be written."""
    folder = cache_folder()
    before = config.CACHE_DIR
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        yield False
        return
    config.CACHE_DIR = str(folder)
    try:
        yield True
    finally:
        config.CACHE_DIR = before
