"""A refusal on its way inside the planner: raised where it is found, handed back as a value at the planner's verbs."""

from __future__ import annotations

from collections.abc import Iterable

from lmp.schema.plan import Refusal, RefusalReason

_LONGEST = 600


class Refused(Exception):
    """Carries a Refusal to the planner's public methods; never leaves them.

    Attributes:
        refusal: The answer.
    """

    def __init__(self, reason: RefusalReason, message: str, hint: str = "", candidates: Iterable[str] = ()):
        self.refusal = Refusal(
            reason=reason, message=message[:_LONGEST], hint=hint[:_LONGEST], candidates=tuple(dict.fromkeys(candidates))[:64]
        )
        super().__init__(message)


def listing(items: Iterable[str], joint: str = "and") -> str:
    """Items as English: "a", "a and b", "a, b and c"."""
    words = [str(item) for item in items]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}" if words else "nothing"
