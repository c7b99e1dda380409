"""Looks at everything, topic by topic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lmp.diagnosis.finding import Finding
from lmp.diagnosis.keys import look_for_keys
from lmp.diagnosis.machine import machine_findings
from lmp.diagnosis.packages import extra_findings, package_findings, python_findings
from lmp.diagnosis.places import place_findings
from lmp.diagnosis.rendering import picture_findings
from lmp.diagnosis.servers import server_findings, servers_to_ask

SECONDS = 3.0
"""How long a server may take to answer [s]."""


def examine(
    runs: Path = Path("runs"), base_url: str | None = None, *, offline: bool = False, seconds: float = SECONDS
) -> Iterator[Finding]:
    """Everything that is worth knowing of this place, as it is found.

    Args:
        runs: Where runs go.
        base_url: An OpenAI-compatible server to look at.
        offline: Asks no server.
        seconds: How long a server may take to answer [s].
    """
    yield from python_findings()
    yield from package_findings()
    yield from extra_findings()
    keys = look_for_keys()
    yield from keys.findings
    if not offline:
        yield from server_findings(servers_to_ask(keys, base_url), keys, seconds)
    yield from picture_findings()
    yield from place_findings(runs)
    yield from machine_findings()
