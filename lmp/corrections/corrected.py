"""A primitive corrected in words, by rules."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, SerializeAsAny

from lmp.corrections.change import Change, changes
from lmp.corrections.reading import wishes
from lmp.corrections.rules import Circumstances, edited, possible
from lmp.corrections.wish import PLAIN, Wish
from lmp.schema.base import Model, Text
from lmp.schema.plan import Refusal
from lmp.schema.skill import SkillParameters


class Corrected(Model):
    """What became of a primitive.

    Attributes:
        primitive: As wished, within its ranges.
        changes: What is different, field by field.
        wishes: What was understood, for "a bit less".
        left_out: Wishes of the same sentence that changed nothing, and why.
    """

    primitive: SerializeAsAny[SkillParameters]
    changes: tuple[Change, ...] = Field(max_length=256)
    wishes: tuple[Wish, ...] = Field(max_length=16)
    left_out: tuple[Text, ...] = Field(default=(), max_length=16)


def correct(words: str, primitive: SkillParameters, around: Circumstances, last: Sequence[Wish] = ()) -> Corrected | Refusal:
    """Edits a primitive as the words ask.

    Args:
        words: The correction, such as "a bit higher and slower".
        primitive: What is corrected.
        around: What else the rules may know.
        last: The wishes of the correction before, for "a bit less" and "more".

    Returns:
        The edited primitive with what changed; a Refusal where the words are not understood, or change nothing here.
    """
    read = wishes(words)
    if isinstance(read, Refusal):
        return read
    wanted = tuple(again for wish in read for again in _again(wish, last))[:16]
    kept = tuple(again for wish in read for again in _again(wish, last, towards=True))[:16]
    result, complaints = primitive, []
    for wish in wanted:
        answer = edited(wish, result, around)
        if isinstance(answer, str):
            complaints.append(_words(wish, answer))
        else:
            result = answer
    if result == primitive:
        hint = f"For {primitive.kind}: {'; '.join(possible(primitive))}."
        return Refusal(reason="impossible", message=" ".join(complaints)[:2000] or "That changes nothing.", hint=hint)
    return Corrected(
        primitive=result, changes=changes(primitive, result), wishes=kept, left_out=tuple(text[:2000] for text in complaints)
    )


def _again(wish: Wish, last: Sequence[Wish], towards: bool = False) -> tuple[Wish, ...]:
    """Of the last correction, "a bit more" is half again, "less" half of it back, "much less" all of it.

    `towards` keeps the first direction, so that "a bit less" said twice does not turn round.
    """
    if wish.about != "again" or not last:
        return (wish,)
    factor = wish.degree / PLAIN if wish.degree >= 0 else wish.degree / PLAIN / (2 if abs(wish.degree) >= PLAIN else 1)
    return tuple(before.times(abs(factor) if towards else factor) for before in last)


def _words(wish: Wish, complaint: str) -> str:
    about = {"from": "side", "again": "correction", "shift": "place", "straight": "path", "arc": "path"}.get(
        wish.about, wish.about
    )
    return f"Its {about} stays: {complaint}."
