"""The fixture."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from loopback.server import Loopback


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    """A fresh server with an empty queue, reached past any proxy."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Loopback() as server:
        yield server
