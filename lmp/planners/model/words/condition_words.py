"""The kinds of success conditions with their fields and their meaning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lmp.planners.model.words.quoted import as_json
from lmp.planners.model.words.schema_words import kinds_lines
from lmp.schema.condition import CONDITIONS, Condition

DIRECTIONS = "Left, right, in front and behind are the robot's: in front is nearer to it, behind is farther away."


def conditions_text(union: Any) -> str:
    """The kinds of conditions, one a line, and their fields below.

    Args:
        union: The union of the kinds, as an answer has them.
    """
    moving = " and ".join(as_json(kind) for kind, cls in CONDITIONS.all().items() if not cls.asks_rest)
    rest = f"All but {moving} ask that the object is at rest and let go. {DIRECTIONS}"
    return "\n".join([rest, *kinds_lines(union, indent="")])


def wanted_text(conditions: Iterable[Condition]) -> str:
    """Conditions that have to hold, one a line as JSON."""
    return "\n".join(condition_json(condition) for condition in conditions) or "None."


def condition_json(condition: Condition) -> str:
    """A condition as JSON on one line, with lengths to a tenth of a millimetre."""
    return as_json(_rounded(condition.model_dump(mode="json")))


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return round(value, 4) if isinstance(value, float) else value
