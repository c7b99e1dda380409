"""The attempts so far: what was tried with which numbers, what failed first, and the evidence."""

from __future__ import annotations

from collections.abc import Sequence

from lmp.planners.model.words.condition_words import condition_json
from lmp.planners.model.words.quoted import as_json, listed, quoted
from lmp.schema.episode import Attempt, Compiled
from lmp.schema.evidence import SIGNALS
from lmp.schema.findings import Execution, Verification
from lmp.schema.outcome import Outcome
from lmp.schema.verdict import VIOLATIONS, Violation

IN_FULL = 8
"""Last attempts that are told in full [count]."""
IN_A_LINE = 24
"""Attempts before those that get a line each [count]."""
MOST_VIOLATIONS = 16
"""Most violations of one verdict [count]."""


def attempts_text(attempts: Sequence[Attempt]) -> str:
    """All attempts in order: what succeeded in a line, the last ones that failed in full; says so where there are none."""
    if not attempts:
        return "No attempt was made so far."
    full = max(0, len(attempts) - IN_FULL)
    first = max(0, full - IN_A_LINE)
    lines = [f"{first} earlier attempts are left out."] if first else []
    lines += [_short(index, attempts[index]) for index in range(first, full)]
    for index in range(full, len(attempts)):
        succeeded = attempts[index].outcome is Outcome.SUCCEEDED
        lines.append(_short(index, attempts[index]) if succeeded else attempt_text(attempts[index], index))
    return "\n".join(lines)


def attempt_text(attempt: Attempt, index: int) -> str:
    """One attempt in full: the first failure, then what was done and seen, in the order of time.

    Args:
        attempt: The attempt.
        index: Its place among all attempts; they are counted from 1 for the reader.
    """
    primitive = None if attempt.primitive is None else as_json(attempt.primitive.model_dump(mode="json"))
    lines = [_short(index, attempt)]
    if attempt.outcome is not Outcome.SUCCEEDED:
        lines.append(f"  first failure: {first_failure(attempt)}")
    lines.append(f"  primitive: {primitive or 'none was given'}")
    lines += _compiled(attempt.compiled) if attempt.compiled is not None else []
    lines += _executed(attempt.execution) if attempt.execution is not None else []
    lines += _verified(attempt.verification) if attempt.verification is not None else []
    return "\n".join(lines)


def first_failure(attempt: Attempt) -> str:
    """The first failure in the order of time: before the motion, in it, after it."""
    if attempt.compiled is not None and attempt.compiled.violations and not attempt.compiled.feasible:
        return _violation(_in_time(attempt.compiled.violations)[0])
    execution = attempt.execution
    if execution is not None and execution.evidence is not None:
        return _evidence(execution)
    if execution is not None and execution.outcome is not Outcome.SUCCEEDED:
        return f"during the motion, {execution.outcome.value}: {quoted(execution.message or execution.outcome.message)}"
    if attempt.verification is not None:
        missed = [result for result in attempt.verification.results if not result.holds]
        if missed:
            return f"after the motion, {condition_json(missed[0].condition)} does not hold: {quoted(missed[0].measured)}"
    return f"{attempt.outcome.value}: {quoted(attempt.message or attempt.outcome.message)}"


def _short(index: int, attempt: Attempt) -> str:
    subgoal = attempt.subgoal
    about = f" about {listed(subgoal.objects)}" if subgoal.objects else ""
    what = f"skill {quoted(subgoal.skill)}{about}, {quoted(subgoal.description, 200)}"
    return f"Attempt {index + 1}: {what} -> {attempt.outcome.value} ({attempt.outcome.message})"


def _compiled(compiled: Compiled) -> list[str]:
    if compiled.feasible:
        margins = compiled.margins
        near = "" if margins is None or margins.clearance is None else f", nearest thing {1000 * margins.clearance:.0f} mm away"
        return [f"  compiled: yes, {compiled.duration:.2f} s{near}"]
    ordered = _in_time(compiled.violations)
    lines = ["  compiled: no, nothing was moved; all that is wrong, first in time first:"]
    lines += [f"    {_violation(violation)}" for violation in ordered[:MOST_VIOLATIONS]]
    if len(ordered) > MOST_VIOLATIONS:
        lines.append(f"    and {len(ordered) - MOST_VIOLATIONS} more")
    return lines


def _in_time(violations: Sequence[Violation]) -> list[Violation]:
    return sorted(violations, key=lambda violation: -1.0 if violation.t is None else violation.t)


def _violation(violation: Violation) -> str:
    unit = f" {violation.unit}" if violation.unit else ""
    facts = [
        *([f"found {violation.value:.4g}{unit}"] if violation.value is not None else []),
        *([f"allowed {violation.limit:.4g}{unit}"] if violation.limit is not None else []),
        *([f"at t = {violation.t:.2f} s"] if violation.t is not None else []),
        *(
            f"{kind} {quoted(name)}"
            for kind in ("joint", "link", "object", "segment")
            if (name := getattr(violation, kind)) is not None
        ),
    ]
    hint = f"; hint: {quoted(violation.hint)}" if violation.hint else ""
    kind = VIOLATIONS.get(violation.code)
    meaning = "" if kind is None else f" ({kind.meaning})"
    said = f"{violation.code}{meaning}: {quoted(violation.message)}"
    return said + "".join(f", {fact}" for fact in facts) + hint


def _executed(execution: Execution) -> list[str]:
    if execution.outcome is Outcome.SUCCEEDED:
        return [f"  executed: to the end, {execution.duration:.2f} s, {execution.gripper_width:.3f} m between the fingers then"]
    lines = [
        f"  executed: stopped after {execution.duration:.2f} s, {execution.outcome.value}: {quoted(execution.message)}; "
        f"{execution.gripper_width:.3f} m between the fingers then"
    ]
    return [*lines, f"    evidence: {_evidence(execution)}"] if execution.evidence is not None else lines


def _evidence(execution: Execution) -> str:
    evidence = execution.evidence
    if evidence is None:
        return execution.outcome.value
    unit = "" if evidence.unit == "1" else f" {evidence.unit}"
    names = [name for name in (evidence.about, evidence.other) if name is not None]
    about = f" of {listed(names)}" if names else ""
    where = f" in segment {quoted(evidence.segment)}" if evidence.segment is not None else ""
    return (
        f"{evidence.signal}{about}: measured {evidence.value:.3g}{unit}, limit {evidence.limit:.3g}{unit}, "
        f"at t = {evidence.t:.2f} s{where} ({SIGNALS[evidence.signal]})"
    )


def _verified(verification: Verification) -> list[str]:
    lines = [f"  verified: {verification.outcome.value}: {quoted(verification.message or verification.outcome.message)}"]
    for result in verification.results:
        holds = "holds" if result.holds else "does NOT hold"
        lines.append(f"    {condition_json(result.condition)} {holds}: {quoted(result.measured)}")
    return lines + [f"    state: {quoted(str(state))}" for state in verification.states]
