"""Reads a correction in the words of the grammar: all of them have to mean something, else it is none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Literal, cast

from pydantic import Field

from lmp.planners.scripted.lexicon import load_lexicon
from lmp.planners.scripted.tokens import Raw, read_quantity, split
from lmp.schema.base import Model
from lmp.schema.motion import Direction
from lmp.schema.plan import Refusal, Refused

LONGEST = 200
"""Longest correction that is read [characters]."""
About = Literal["height", "arc", "speed", "gentleness", "grip", "shift", "from", "distance", "grasp", "straight", "again"]
Unit = Literal["m", "m/s", "N", "share"]

A_BIT, PLAIN, MUCH = 1.0, 2.0, 4.0
"""Number of small steps that words without a number ask for [dimensionless]."""


class Adjustment(Model):
    """One change that is requested.

    Attributes:
        about: height: the lift, or the height of the release. arc: how far the path goes over the straight line.
            gentleness: less force and less speed. grip: the force alone. shift: where it ends. from: the side from which it
            is approached. distance: how far a push goes, or the gap to the reference. grasp: another way to take it.
            straight: no shape of the path. again: the last correction once more, or back.
        direction: For shift and from; None for "from the side".
        unit: Of the amount; None where there is none.
    """

    about: About
    direction: Direction | None = None
    degree: Annotated[float, Field(ge=-8.0, le=8.0)] = Field(
        default=PLAIN, description="small steps, below zero for less of it [dimensionless]"
    )
    amount: Annotated[float, Field(gt=0.0, le=1000.0)] | None = Field(
        default=None, description="how much, where a number was said, its sign is the degree's [in `unit`]"
    )
    unit: Unit | None = None

    def times(self, factor: float) -> Adjustment:
        """The same, more or less of it, or back [dimensionless]."""
        degree = min(max(self.degree * factor, -8.0), 8.0)
        amount = None if self.amount is None else min(max(self.amount * abs(factor), 1e-6), 1000.0)
        return self.model_copy(update={"degree": degree, "amount": amount})


KNOWN = (
    "higher, lower, slower, faster, gentler, firmer, looser, more to the left (right, front, back), farther, nearer, "
    "from the left (right, front, back, side, above), in a higher arc, straight, another grasp, the other one; "
    'with "a bit" or "much", or with a number: 5 cm higher, 20 % slower; '
    'then "a bit more", "a bit less", "less"'
)
"""The corrections that are understood, in words for people."""


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


LEXICON = load_lexicon()
_ENDS: dict[str, Direction] = {"left": "left", "right": "right", "front": "backward", "back": "forward", "top": "up"}
"""The direction of the robot that a side means."""
PLACES: dict[str, Direction] = {
    **{said: cast(Direction, way) for said, way in LEXICON.phrases("DIR").items()},
    **{said: _ENDS[side] for said, side in LEXICON.phrases("ADJ").items() if side in ("left", "right", "front", "back")},
    **dict.fromkeys((*(said for said, who in LEXICON.phrases("PRON").items() if who == "robot"), "robot"), "backward"),
}
"""The end that words move: "more to the ...", as the robot sees it."""
SIDES: dict[str, Direction | None] = {
    **{said: _ENDS[side] for said, side in LEXICON.phrases("FROMSIDE").items() if side in _ENDS},
    "from behind": "forward", "from the rear": "forward", "from above": "up",
    "from its left": "left", "from its right": "right",
    **dict.fromkeys(("from the side", "from one side", "from its side", "from the sides"), None),
}  # fmt: skip
"""The side that something comes from; None is whichever side is nearer."""
FILLER = re.compile(
    r"^(?:no|nope|yes|ok|okay|please|now|then|just|well|sorry|hmm|again|even|still|but|and|try|do it|do that|make it|make that|"
    r"(?:can|could) you|go|be|(?:it|that|this)(?: was| is| went| should be| has to be| must be)?)\b\s*"
)
TRAILER = re.compile(r"\s*\b(?:please|again|this time|next time|now|than (?:that|this|before)|though)$")
ACTING = re.compile(r"^(?:(?:move|lift|push|carry|grab|grasp|grip|hold|take|put|place|set|drop|approach|come)(?: it)?)\s+")
"""Verbs that may stand before a comparison; alone with "up" or "down" they would be instructions."""
DEGREES = {
    **dict.fromkeys([*(said for said in LEXICON.amounts["bit"] if "more" not in said), "bit", "little", "a tiny bit"], A_BIT),
    **dict.fromkeys(LEXICON.amounts["much"], MUCH),
}  # fmt: skip
DEGREE = re.compile(rf"\b(?:{_any(DEGREES)})\b")
COMPARED = re.compile(
    rf"(?:in a |with a )?(?P<word>{_any(word for word, (_, _, alone) in LEXICON.comparisons.items() if alone)})"
    r"(?: away| apart| up| down| to it| from it)?"
)
QUALIFIED = re.compile(
    r"(?P<sign>more|less|too|not so|not as|not that|not too|not)?\s?"
    rf"(?P<word>{_any(word for word, (_, _, alone) in LEXICON.comparisons.items() if not alone)})(?P<enough> enough)?(?: away)?"
)
SHIFTED = re.compile(
    r"(?P<sign>more|further|farther|closer|nearer|too far|too|less far|less|not so far|not so)?\s?(?:to |towards? )?"
    rf"(?:the |your )?(?P<word>{_any(PLACES)})(?: side| hand side)?"
)
APPROACHED = re.compile(rf"(?P<sign>more|less)?\s?(?P<word>{_any(SIDES)})(?: side)?")
TURNED = re.compile(
    r"(?:with )?(?:an ?other|a different|the next) grasp|(?:take|grasp|grab|grip|hold)(?: it)? differently|"
    r"(?:turn|rotate) the hand|differently|(?:with )?the hand turned(?: round)?|(?:the )?other way round"
)
STRAIGHT = re.compile(r"straight|in a straight line|on a straight path|without (?:an )?arc")
AGAIN = re.compile(r"(?P<sign>more|less|not so much|again|the same again|same again|once more|not enough|too much)")
LESS = ("less", "too", "not so", "not as", "not that", "not too", "not", "too far", "less far", "not so far", "not so much",
        "too much")  # fmt: skip


def adjustments(words: str) -> tuple[Adjustment, ...] | Refusal:
    """The adjustments that a correction asks for; a Refusal where some of it is not understood."""
    if len(words) > LONGEST:
        return _not_understood(words)
    try:
        parts = _parts(split(words, LEXICON))
    except Refused:
        return _not_understood(words)
    found: list[Adjustment] = []
    for clause, amount, unit in parts:
        adjustment = _adjustment(clause, amount, unit)
        if adjustment is not None:
            found.append(adjustment)
        elif FILLER.sub("", clause) != "" or amount is not None:
            return _not_understood(clause or words)
    return tuple(found[:8]) if found else _not_understood(words)


def _parts(pieces: list[Raw]) -> list[tuple[str, float | None, Unit | None]]:
    """The clauses of a correction, each with its number."""
    parts: list[tuple[list[str], float | None, Unit | None]] = [([], None, None)]
    at = 0
    while at < len(pieces):
        words, amount, _ = parts[-1]
        value, dimension, taken = read_quantity(pieces, at, LEXICON)
        measured = taken and amount is None and 0.0 < value <= 1000.0 and (taken > 1 or pieces[at].kind == "number")
        if measured and pieces[at].text not in ("a", "an", "some", "just"):
            parts[-1] = (words, value, cast(Unit, dimension))
        elif pieces[at].kind in ("comma", "stop") or pieces[at].text in ("and", "but"):
            parts.append(([], None, None))
            taken = 1
        else:
            words.append(pieces[at].text)
            taken = 1
        at += taken
    return [(" ".join(words), amount, unit) for words, amount, unit in parts if words or amount is not None]


def _not_understood(words: str) -> Refusal:
    return Refusal(reason="not_understood", message=f"As a correction I do not know {words[:120]!r}.", hint=f"I know: {KNOWN}.")


def _adjustment(clause: str, amount: float | None, unit: Unit | None) -> Adjustment | None:
    if AGAIN.fullmatch(clause) and amount is None:
        return _read(clause, PLAIN)
    clause = _stripped(clause)
    degree = DEGREE.search(clause)
    said = A_BIT if degree is None else DEGREES[degree.group()]
    if degree is not None:
        clause = f"{clause[: degree.start()]} {clause[degree.end() :]}"
    clause = re.sub(r"\s+", " ", clause).strip()
    acting = ACTING.sub("", clause)
    bare = acting in ("up", "down") and (degree is not None or amount is not None) and not clause.startswith(("put", "set"))
    found = _read({"up": "higher", "down": "lower"}[acting] if bare else acting, said if degree is not None else PLAIN)
    return found if found is None or amount is None else found.model_copy(update={"amount": amount, "unit": unit})


def _stripped(clause: str) -> str:
    """Without what carries no meaning."""
    while (shorter := TRAILER.sub("", FILLER.sub("", clause))) not in (clause, ""):
        clause = shorter
    return clause


def _read(clause: str, degree: float) -> Adjustment | None:
    """The adjustment of a clause without fillers, numbers and degrees."""
    if TURNED.fullmatch(clause):
        return Adjustment(about="grasp", degree=1.0)
    if STRAIGHT.fullmatch(clause):
        return Adjustment(about="straight")
    if found := COMPARED.fullmatch(clause):
        about, sign, _ = LEXICON.comparisons[found["word"]]
        return Adjustment(about=cast(About, about), degree=sign * degree)
    if found := QUALIFIED.fullmatch(clause):
        about, sign, _ = LEXICON.comparisons[found["word"]]
        if found["sign"] is None and found["enough"] is None and not found["word"].endswith("ly"):
            return None
        more = bool(found["enough"]) or found["sign"] not in LESS
        return Adjustment(about=cast(About, about), degree=(sign if more else -sign) * degree)
    if found := APPROACHED.fullmatch(clause):
        return Adjustment(about="from", direction=SIDES[found["word"]], degree=-degree if found["sign"] == "less" else degree)
    if found := SHIFTED.fullmatch(clause):
        if found["word"] in ("right", "back") and found.group().strip() == found["word"]:
            return None  # "right" alone agrees, "back" alone may be either way
        return Adjustment(about="shift", direction=PLACES[found["word"]], degree=-degree if found["sign"] in LESS else degree)
    if found := AGAIN.fullmatch(clause):
        return Adjustment(about="again", degree=-degree if found["sign"] in LESS else degree)
    return None
