"""The fixture."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from loopback.server import Loopback


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    """A fresh server with an empty queue."""
    with Loopback() as server:
        yield server
