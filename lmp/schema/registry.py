"""Open tables of parts by name: those of this package, of other packages, and what Python code adds."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar

from lmp.errors import SetupFault, UnknownName

T = TypeVar("T")
P = TypeVar("P")


class Registry(Generic[T]):
    """Parts of one kind.

    Parts of this package register as their modules are loaded, which happens when something is asked for. Another package
    names its parts in the entry-point group of the kind, or registers them as it is imported: `@CONDITIONS.register`.

    Args:
        noun: The kind, in the singular; its entry-point group is ``lmp.<noun>s``.
        own: Modules of this package that register parts.
        name_of: A part's name.
    """

    def __init__(self, noun: str, own: Sequence[str], name_of: Callable[[T], str]):
        self.noun, self._own, self._name_of = noun, own, name_of
        self._parts: dict[str, T] = {}
        self._homes: dict[str, str] = {}  # the module that registered each
        self._loaded = self._complete = False
        self.changes = 0

    @property
    def group(self) -> str:
        """The entry-point group of the kind."""
        return f"lmp.{self.noun.replace(' ', '_')}s"

    def register(self, part: P) -> P:
        """Adds a part under its own name; serves as a decorator.

        Raises:
            SetupFault: Another part has the name.
        """
        name = self._name_of(part)  # type: ignore[arg-type]
        known = self._parts.get(name)
        if known is not None and known is not part and _origin(known) != _origin(part):
            raise SetupFault(f"There are two {self.noun}s named {name!r}: {_origin(known)} and {_origin(part)}.")
        self._parts[name] = part  # type: ignore[assignment]
        self._homes[name] = str(sys._getframe(1).f_globals["__name__"])
        self.changes += 1
        return part

    @contextmanager
    def also(self, *parts: T) -> Iterator[None]:
        """Has these parts too, for the length of a `with` block."""
        self._load_own()
        before, complete = dict(self._parts), self._complete
        try:
            for part in parts:
                self.register(part)
            yield
        finally:
            self._parts, self._complete = before, complete  # entry points that were read in the block are read again
            self.changes += 1

    def get(self, name: str) -> T | None:
        """The part of that name; None where there is none."""
        if name not in self._parts:
            self._load_own()
        if name not in self._parts and name in (points := _points(self.group)):
            self._load_point(points[name])
        return self._parts.get(name)

    def __getitem__(self, name: str) -> T:
        """The part of that name.

        Raises:
            UnknownName: There is none; names the nearest.
        """
        part = self.get(name)
        if part is None:
            raise UnknownName(self.noun, name, tuple(self.all()))
        return part

    def all(self) -> dict[str, T]:
        """All parts by name: this package's own, then the others.

        Raises:
            SetupFault: Another package lists one that cannot be loaded.
        """
        self._load_own()
        if not self._complete:
            self._complete = True
            for point in _points(self.group).values():
                self._load_point(point)
        return dict(self._parts)

    def _load_own(self) -> None:
        """Loads this package's modules; what others registered before that comes after them.

        The order is that of the list of modules, never that in which a process happened to import them: models read it.
        """
        if self._loaded:
            return
        self._loaded = True
        for module in self._own:
            importlib.import_module(module)
        self._parts = {name: self._parts[name] for name in sorted(self._parts, key=self._place)}

    def _place(self, name: str) -> int:
        """The place in the list of this package's modules of the one that registered a part; the end for other packages."""
        homes = (at for at, module in enumerate(self._own) if f"{self._homes[name]}.".startswith(f"{module}."))
        return next(homes, len(self._own))

    def _load_point(self, point: EntryPoint) -> None:
        try:
            part = point.load()
        except (ImportError, AttributeError) as error:
            raise SetupFault(
                f"The {self.noun} {point.name!r} is listed as {point.value!r} and cannot be loaded: {error}"
            ) from error
        self.register(part)


def _origin(part: object) -> str:
    """The place where a part was made: the class, or for an object that tells it the module that declares it."""
    return f"{part.__module__}:{part.__qualname__}" if isinstance(part, type) else f"{part.__module__}:{part!r}"


@cache
def _points(group: str) -> Mapping[str, EntryPoint]:
    """Read once: each reading of a folder that has changed since is kept by `importlib.metadata` for good."""
    return {point.name: point for point in entry_points(group=group)}
