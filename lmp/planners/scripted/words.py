"""From text to words: splitting, and joining numbers with their units."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lmp.planners.scripted.lexicon import Lexeme, Lexicon
from lmp.planners.scripted.points import POINT
from lmp.planners.scripted.refused import Refused

_TOKEN = re.compile(
    rf"(?P<point>{POINT})|"
    r"(?P<number>(?:(?<=\s)-|^-)?(?:\d+(?:[.,]\d+)?|\.\d+)(?![\w]))|(?P<glued>\d+(?:\.\d+)?[a-z]+)(?![\w])|(?P<word>\w[\w']*)"
    r"|(?P<stop>[.;!?\n]+|:)|(?P<comma>,|\s-+\s|\u2014|\u2013)|(?P<dropped>\s+|[\"\-])|(?P<other>.)"
)
_APOSTROPHES = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "}
)


@dataclass(frozen=True)
class Word:
    """A word or fixed phrase of the instruction with its reading.

    Attributes:
        text: As it was written, in lower case.
        start: First character in the instruction.
        end: One past the last.
        lexeme: Its reading.
        number: For numbers the value, for distances the length [m].
    """

    text: str
    start: int
    end: int
    lexeme: Lexeme
    number: float = 0.0

    @property
    def tag(self) -> str:
        return self.lexeme.tag

    @property
    def value(self) -> str:
        return self.lexeme.value


@dataclass(frozen=True)
class Raw:
    """A piece of text before it is read: kind is word, number, point, stop or comma."""

    kind: str
    text: str
    start: int
    end: int


def split(text: str, lexicon: Lexicon) -> list[Raw]:
    """The pieces of an instruction, in lower case.

    Raises:
        Refused: A character that no instruction needs.
    """
    pieces: list[Raw] = []
    for match in _TOKEN.finditer(text.translate(_APOSTROPHES).lower()):
        kind, piece, start, end = str(match.lastgroup), match.group(), match.start(), match.end()
        if kind == "dropped":
            continue
        if kind == "other":
            raise Refused(
                "not_understood",
                f"The character {piece!r} means nothing to me.",
                "Use plain words, or coordinates such as '(0.5, 0.1)'.",
            )
        if kind == "number" and piece.startswith("-"):
            raise Refused(
                "not_understood", f"{piece!r} is a negative number.", "Say the direction in words, such as 'to the left'."
            )
        if kind == "glued":
            pieces.extend(_unglued(piece, start, end, lexicon))
        elif kind == "word":
            pieces.extend(_possessive(piece, start, end))
        else:
            pieces.append(Raw(kind, piece, start, end))
    return pieces


def _unglued(piece: str, start: int, end: int, lexicon: Lexicon) -> list[Raw]:
    """For "10cm" as number and unit; "2nd" and unknown mixtures stay whole."""
    digits = re.match(r"\d+(?:\.\d+)?", piece)
    cut = digits.end() if digits else 0
    if cut and piece[cut:] in lexicon.units:
        return [Raw("number", piece[:cut], start, start + cut), Raw("word", piece[cut:], start + cut, end)]
    return [Raw("word", piece, start, end)]


def _possessive(piece: str, start: int, end: int) -> list[Raw]:
    stem = piece.strip("'")
    if stem in ("that's", "it's", "which's", "one's", "they're"):
        cut = stem.index("'")
        return [Raw("word", stem[:cut], start, start + cut), Raw("word", stem[cut:], start + cut, end)]
    return [Raw("word", stem, start, end)] if stem else []


def read_number(pieces: list[Raw], at: int, lexicon: Lexicon) -> tuple[float, int]:
    """A number that starts at a piece, and how many pieces it takes; (0, 0) if there is none."""
    if at >= len(pieces):
        return 0.0, 0
    text = pieces[at].text
    if pieces[at].kind == "number":
        return float(text.replace(",", ".")), 1
    words = [piece.text for piece in pieces[at : at + 3]]
    if words[:3] in (["a", "couple", "of"], ["a", "pair", "of"]):
        return 2.0, 3
    if text not in lexicon.numbers:
        return 0.0, 0
    value, taken = lexicon.numbers[text], 1
    if value >= 20 and at + 1 < len(pieces) and 0 < lexicon.numbers.get(pieces[at + 1].text, 0) < 10:
        value, taken = value + lexicon.numbers[pieces[at + 1].text], 2
    if at + taken < len(pieces) and pieces[at + taken].text == "hundred":
        value, taken = value * 100, taken + 1
    return float(value), taken


_FRACTIONS = (
    (["half", "a"], 0.5),
    (["half", "an"], 0.5),
    (["a", "half"], 0.5),
    (["a", "quarter", "of", "a"], 0.25),
    (["a", "quarter"], 0.25),
    (["a"], 1.0),
    (["an"], 1.0),
)


def read_distance(pieces: list[Raw], at: int, lexicon: Lexicon) -> tuple[float, int]:
    """A distance [m] that starts at a piece, and how many pieces it takes; (0, 0) if there is none."""
    words = [piece.text for piece in pieces[at : at + 8]]

    def unit(index: int) -> float:
        return lexicon.units.get(words[index], 0.0) if index < len(words) else 0.0

    for fraction, value in _FRACTIONS:
        if words[: len(fraction)] == fraction and unit(len(fraction)):
            return value * unit(len(fraction)), len(fraction) + 1
    value, taken = read_number(pieces, at, lexicon)
    if not taken:
        return 0.0, 0
    if words[taken : taken + 3] == ["and", "a", "half"]:
        value, taken = value + 0.5, taken + 3
    elif words[taken : taken + 1] == ["point"] and taken + 1 < len(words) and words[taken + 1] in lexicon.numbers:
        value, taken = value + lexicon.numbers[words[taken + 1]] / 10, taken + 2
    if not unit(taken):
        return 0.0, 0
    total, count = value * unit(taken), taken + 1
    if words[count : count + 3] == ["and", "a", "half"]:
        total, count = total + 0.5 * unit(taken), count + 3
    return total, count
