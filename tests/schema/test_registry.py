"""Registries are the same whatever a process imported first."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from lmp.schema.condition import CONDITIONS, TARGETS
from lmp.schema.outcome import FAILURES, FailureClass
from lmp.schema.registry import Registry
from lmp.schema.verdict import VIOLATIONS

ALL = {"CONDITIONS": CONDITIONS, "TARGETS": TARGETS, "FAILURES": FAILURES, "VIOLATIONS": VIOLATIONS}
ORDERS = """
import importlib, json, sys
importlib.import_module(sys.argv[1])
from lmp.schema.condition import CONDITIONS, TARGETS
from lmp.schema.outcome import FAILURES
from lmp.schema.verdict import VIOLATIONS
for registry in (CONDITIONS, TARGETS, FAILURES, VIOLATIONS):
    print(*registry.all())
"""


def ours(registry: Registry) -> list[str]:
    """The parts of this package, in the registry's order, without what other tests have registered."""
    return [name for name in registry.all() if registry._homes.get(name, "lmp").partition(".")[0] == "lmp"]


@pytest.mark.parametrize(
    "first", ["lmp.schema.plan", "lmp.primitives.places.seen_places", "lmp.primitives.compiler.compiler", "lmp.planners"]
)
def test_the_order_is_not_that_of_the_imports(first: str) -> None:
    done = subprocess.run([sys.executable, "-c", ORDERS, first], capture_output=True, text=True, check=True)
    assert [line.split() for line in done.stdout.splitlines()] == [ours(registry) for registry in ALL.values()]


@pytest.mark.parametrize("name", ALL)
def test_every_part_of_the_package_is_declared_in_a_module_that_the_registry_names(name: str) -> None:
    """Else its place would depend on who imports it first."""
    registry = ALL[name]
    homed = [part for part in ours(registry) if part in registry._homes]
    assert [part for part in homed if registry._place(part) == len(registry._own)] == []


def test_a_part_of_another_package_that_was_registered_first_comes_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: Registry[FailureClass] = Registry("failure", ("listed_here",), lambda failure: failure.name)
    failures.register(FailureClass("early", "Of another package.", ""))
    lines = (f'FAILURES.register(FailureClass("{name}", "Of this package.", ""))' for name in ("one", "two"))
    (tmp_path / "listed_here.py").write_text("\n".join(["from listed_failures import FAILURES, FailureClass", *lines]))
    given = ModuleType("listed_failures")
    given.__dict__.update(FAILURES=failures, FailureClass=FailureClass)
    monkeypatch.setitem(sys.modules, "listed_failures", given)
    monkeypatch.delitem(sys.modules, "listed_here", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    assert list(failures.all()) == ["one", "two", "early"]
    del sys.modules["listed_here"]


def test_what_is_added_for_a_block_is_gone_after_it_and_nothing_else_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry whose entry points are read for the first time within the block has them afterwards, too."""
    listed = FailureClass("listed", "One of another package.", "")

    class Point:
        name, value = "listed", "elsewhere:LISTED"

        def load(self) -> FailureClass:
            return listed

    monkeypatch.setattr("lmp.schema.registry._points", lambda group: {"listed": Point()})
    failures: Registry[FailureClass] = Registry("failure", (), lambda failure: failure.name)
    with failures.also(FailureClass("here", "One for a while.", "")):
        assert list(failures.all()) == ["here", "listed"]
    assert list(failures.all()) == ["listed"]
