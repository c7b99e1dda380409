"""Reads a correction: all of its words have to mean something, else it is none."""

from __future__ import annotations

import re

from lmp.corrections.lexicon import ADJECTIVES, COMPARATIVES, DEGREES, KNOWN, PLACES, SIDES
from lmp.corrections.wish import A_BIT, PLAIN, Unit, Wish
from lmp.schema.plan import Refusal

LONGEST = 200
"""Longest correction that is read [characters]."""


def _any(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


FILLER = re.compile(
    r"^(?:no|nope|yes|ok|okay|please|now|then|just|well|sorry|hmm|again|even|still|but|and|try|do it|do that|make it|make that|"
    r"(?:can|could) you|go|be|(?:it|that|this)(?: was| is| went| should be| has to be| must be)?)\b\s*"
)
TRAILER = re.compile(r"\s*\b(?:please|again|this time|next time|now|than (?:that|this|before)|though)$")
ACTING = re.compile(r"^(?:(?:move|lift|push|carry|grab|grasp|grip|hold|take|put|place|set|drop|approach|come)(?: it)?)\s+")
"""Verbs that may stand before a comparison; alone with "up" or "down" they would be instructions."""
NUMBER = re.compile(
    r"\b(?:by )?(?P<value>\d{1,6}(?:\.\d{1,6})?)\s*(?P<unit>mm|millimet(?:er|re)s?|cm|centimet(?:er|re)s?|m/s|m|met(?:er|re)s?"
    r"|%|percent|per cent|n|newtons?)(?![\w/])"
)
UNITS: tuple[tuple[str, float, Unit], ...] = (
    ("mm", 1e-3, "m"), ("mil", 1e-3, "m"), ("cm", 1e-2, "m"), ("cen", 1e-2, "m"), ("m/s", 1.0, "m/s"),
    ("m", 1.0, "m"), ("n", 1.0, "N"), ("%", 1e-2, "share"), ("per", 1e-2, "share"),
)  # fmt: skip
DEGREE = re.compile(rf"\b(?:{_any(DEGREES)})\b")
COMPARED = re.compile(rf"(?:in a |with a )?(?P<word>{_any(COMPARATIVES)})(?: away| apart| up| down| to it| from it)?")
QUALIFIED = re.compile(
    rf"(?P<sign>more|less|too|not so|not as|not that|not too|not)?\s?(?P<word>{_any(ADJECTIVES)})(?P<enough> enough)?(?: away)?"
)
SHIFTED = re.compile(
    r"(?P<sign>more|further|farther|closer|nearer|too far|too|less far|less|not so far|not so)?\s?(?:to |towards? )?"
    rf"(?:the |your |my )?(?P<word>{_any(PLACES)})(?: side| hand side)?"
)
APPROACHED = re.compile(rf"(?P<sign>more|less)?\s?from (?:the |your |my |its |one )?(?P<word>{_any(SIDES)})(?: side)?")
TURNED = re.compile(
    r"(?:with )?(?:an ?other|a different|the next) grasp|(?:take|grasp|grab|grip|hold)(?: it)? differently|"
    r"(?:turn|rotate) the hand|differently|(?:with )?the hand turned(?: round)?|(?:the )?other way round"
)
STRAIGHT = re.compile(r"straight|in a straight line|on a straight path|without (?:an )?arc")
AGAIN = re.compile(r"(?P<sign>more|less|not so much|again|the same again|same again|once more|not enough|too much)")
LESS = ("less", "too", "not so", "not as", "not that", "not too", "not", "too far", "less far", "not so far", "not so much",
        "too much")  # fmt: skip


def wishes(words: str) -> tuple[Wish, ...] | Refusal:
    """What a correction asks for; a Refusal where some of it is not understood."""
    text = re.sub(r"\s+", " ", re.sub(r"[.!?;:\"]+(?!\d)", " ", words[: LONGEST + 1].lower())).strip()
    parts = [part.strip() for part in re.split(r",|\band\b|\bbut\b", text) if part.strip()]
    if len(words) > LONGEST or not parts:
        return _not_understood(words)
    found: list[Wish] = []
    for part in parts:
        wish = _wish(part)
        if wish is not None:
            found.append(wish)
        elif FILLER.sub("", part) != "":
            return _not_understood(part)
    return tuple(found[:8]) if found else _not_understood(words)


def _not_understood(words: str) -> Refusal:
    return Refusal(reason="not_understood", message=f"As a correction I do not know {words[:120]!r}.", hint=f"I know: {KNOWN}.")


def _wish(clause: str) -> Wish | None:
    if AGAIN.fullmatch(clause):
        return _read(clause, PLAIN)
    clause = _stripped(clause)
    amount, unit, clause = _amount(clause)
    degree = DEGREE.search(clause)
    said = A_BIT if degree is None else DEGREES[degree.group()]
    if degree is not None:
        clause = f"{clause[: degree.start()]} {clause[degree.end() :]}"
    clause = re.sub(r"\s+", " ", clause).strip()
    acting = ACTING.sub("", clause)
    bare = acting in ("up", "down") and (degree is not None or amount is not None) and not clause.startswith(("put", "set"))
    wish = _read({"up": "higher", "down": "lower"}[acting] if bare else acting, said if degree is not None else PLAIN)
    return wish if wish is None or amount is None else wish.model_copy(update={"amount": amount, "unit": unit})


def _stripped(clause: str) -> str:
    """Without what carries no meaning."""
    while (shorter := TRAILER.sub("", FILLER.sub("", clause))) not in (clause, ""):
        clause = shorter
    return clause


def _amount(clause: str) -> tuple[float | None, Unit | None, str]:
    """A number with its unit, in SI units, and the words without it."""
    found = NUMBER.search(clause)
    if found is None:
        return None, None, clause
    _, factor, unit = next(row for row in UNITS if found["unit"].startswith(row[0]))
    value = float(found["value"]) * factor
    if not 0.0 < value <= 1000.0:
        return None, None, clause
    return value, unit, f"{clause[: found.start()]} {clause[found.end() :]}"


def _read(clause: str, degree: float) -> Wish | None:
    """The wish of a clause without fillers, numbers and degrees."""
    if TURNED.fullmatch(clause):
        return Wish(about="grasp", degree=1.0)
    if STRAIGHT.fullmatch(clause):
        return Wish(about="straight")
    if found := COMPARED.fullmatch(clause):
        about, sign = COMPARATIVES[found["word"]]
        return Wish(about=about, degree=sign * degree)
    if found := QUALIFIED.fullmatch(clause):
        about, sign = ADJECTIVES[found["word"]]
        if found["sign"] is None and found["enough"] is None and not found["word"].endswith("ly"):
            return None
        more = bool(found["enough"]) or found["sign"] not in LESS
        return Wish(about=about, degree=(sign if more else -sign) * degree)
    if found := APPROACHED.fullmatch(clause):
        return Wish(about="from", direction=SIDES[found["word"]], degree=-degree if found["sign"] == "less" else degree)
    if found := SHIFTED.fullmatch(clause):
        if found["word"] in ("right", "back") and found.group().strip() == found["word"]:
            return None  # "right" alone agrees, "back" alone may be either way
        return Wish(about="shift", direction=PLACES[found["word"]], degree=-degree if found["sign"] in LESS else degree)
    if found := AGAIN.fullmatch(clause):
        return Wish(about="again", degree=-degree if found["sign"] in LESS else degree)
    return None
