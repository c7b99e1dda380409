"""A verdict as complaints that a model can act on."""

from __future__ import annotations

from lmp.schema.verdict import Verdict, Violation

REFUSES = "the compiler refuses the motion"
"""How each of them begins."""
MOST = 12
"""Violations that are told [count]."""


def verdict_complaints(verdict: Verdict | None) -> list[str]:
    """One sentence a violation, with code, numbers, time and hint; none where there is no verdict."""
    if verdict is None:
        return []
    found = list(dict.fromkeys(_sentence(violation) for violation in verdict.violations[:MOST]))
    more = len(verdict.violations) - MOST
    return [*found, f"motion: and {more} more of this kind."] if more > 0 else found


def _sentence(violation: Violation) -> str:
    facts = []
    if violation.value is not None:
        limit = "" if violation.limit is None else f", allowed {violation.limit:.4g}"
        facts.append(f"{violation.value:.4g}{limit} {violation.unit}".strip())
    if violation.t is not None:
        facts.append(f"at {violation.t:.2f} s")
    if violation.segment is not None:
        facts.append(f"in the segment {violation.segment!r}")
    measured = f" ({', '.join(facts)})" if facts else ""
    hint = f" {violation.hint}" if violation.hint else ""
    return f"primitive: {REFUSES}: {violation.code}: {violation.message}{measured}{hint}"[:1000]
