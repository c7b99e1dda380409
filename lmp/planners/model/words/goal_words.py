"""The ways in which a goal may be given, from the types of the schema."""

from __future__ import annotations

from lmp.planners.model.words.schema_words import kinds_lines
from lmp.schema.condition import KnownTarget


def goals_text() -> str:
    """The kinds of goals with their meaning and fields."""
    return "\n".join(kinds_lines(KnownTarget, indent=""))
