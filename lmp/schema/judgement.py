"""The judgement of a world's own predicate on its task."""

from __future__ import annotations

from lmp.schema.base import Model, Text


class Judgement(Model):
    """The verdict whether what a world asks for is so now.

    Attributes:
        holds: None where the world cannot tell now.
        why: What decided it, in words.
    """

    holds: bool | None
    why: Text = ""
