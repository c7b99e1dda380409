"""What holds for every test: one thread, no display, no network beyond this machine, generous hypothesis deadlines."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from lmp.primitives.kernels.compiled import cache_folder
from lmp.primitives.kernels.warm_up import warm_up
from lmp.schema.condition import CONDITIONS, TARGETS
from lmp.schema.outcome import FAILURES
from lmp.schema.verdict import VIOLATIONS

pytest_plugins = ["loopback.fixtures"]

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "Agg")
# Commands of tests that live in a home of their own take the kernels from where this process has them.
os.environ.setdefault("LMP_CACHE_DIR", str(cache_folder().parents[1]))

# `make test` tries the same cases every time, so that a change is never blamed for a case that chance found in another part;
# 100 for each property that does not say a number. `make fuzz` draws new ones (the profile "search").
USUAL = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors])
settings.register_profile("lmp", USUAL, max_examples=100, derandomize=True, database=None)
settings.register_profile("search", USUAL, max_examples=1000)
settings.load_profile("lmp")


def pytest_configure(config: pytest.Config) -> None:
    """Compiles the kernels once, before there are several workers that would each do it."""
    if not hasattr(config, "workerinput"):
        warm_up()


@pytest.fixture(autouse=True, scope="module")
def _registered_here_only() -> Iterator[None]:
    """Takes back what the tests of a file have registered, so that no other file meets it."""
    registries = (CONDITIONS, TARGETS, FAILURES, VIOLATIONS)
    for registry in registries:
        registry.all()
    before = [(dict(registry._parts), dict(registry._homes)) for registry in registries]
    yield
    for registry, (parts, homes) in zip(registries, before, strict=True):
        if registry._parts != parts:
            registry._parts, registry._homes = parts, homes
            registry.changes += 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """As many workers as this process may use cores: two at least, eight at most, since each takes a gigabyte."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(max(cores, 2), 8)


_connect = socket.socket.connect
_NEAR = ("127.", "::1", "localhost")


def _connect_nearby(self: socket.socket, address: Any) -> None:
    if isinstance(address, tuple) and not str(address[0]).startswith(_NEAR):
        raise RuntimeError(f"A test tried to reach {address[0]}; tests talk to this machine only.")
    _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def _interruptible() -> Iterator[None]:
    """A shell's background job ignores Ctrl-C, and so would everything that it starts; tests of Ctrl-C need it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(socket.socket, "connect", _connect_nearby)
    yield
