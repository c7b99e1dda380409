"""The kinds of success conditions with their fields and their meaning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lmp.planners.model.words.quoted import as_json
from lmp.planners.model.words.schema_words import kinds_lines
from lmp.schema.condition import Condition

DIRECTIONS = (
    'All but "held" ask that the object is at rest and let go. Left is +y, right -y, behind farther from the robot (+x), '
    "in front nearer to it (-x)."
)


def conditions_text(union: Any = Condition) -> str:
    """The kinds of conditions, one a line, and their fields below.

    Args:
        union: The union of the kinds, if an answer has its own.
    """
    return "\n".join([DIRECTIONS, *kinds_lines(union, indent="")])


def wanted_text(conditions: Iterable[Condition]) -> str:
    """Conditions that have to hold, one a line as JSON."""
    return "\n".join(condition_json(condition) for condition in conditions) or "None."


def condition_json(condition: Condition) -> str:
    """A condition as JSON on one line."""
    return as_json(condition.model_dump(mode="json"))
