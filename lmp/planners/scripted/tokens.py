"""From text to pieces: words, numbers with their units, places by coordinates, the signs of lists."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lmp.planners.scripted.lexicon import Lexeme, Lexicon
from lmp.schema.plan import Refused

_METRES = {"": 1.0, "m": 1.0, "cm": 0.01, "mm": 0.001}
_NUMBER = r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)"
_LENGTH = rf"{_NUMBER}\s*(?:mm|cm|m)?"
_NAMED = r"(?:\b(?:the\s+)?(?:point|position|location|coordinates?)\s*:?\s*)?"
POINT = (
    rf"{_NAMED}\(\s*{_LENGTH}\s*(?:[,;]\s*{_LENGTH}\s*){{1,5}}\)(?:\s*(?:mm|cm|m)\b)?"
    rf"|{_NAMED}\bx\s*[=:]?\s*{_LENGTH}\s*(?:,|and|\s)\s*y\s*[=:]?\s*{_LENGTH}(?:\s*(?:,|and|\s)\s*z\s*[=:]?\s*{_LENGTH})?\b"
)
"""What a place looks like in an instruction; a regular expression over lower case."""


def read_point(text: str) -> tuple[float, float]:
    """The place that text of the form `POINT` means [m].

    A number without a unit has that of the last one, or is in metres.

    Raises:
        Refused: It has more than two coordinates.
    """
    found = re.findall(rf"({_NUMBER})\s*(mm|cm|m)?\b", text)
    last = re.search(r"(mm|cm|m)\s*$", text)
    usual = last.group(1) if last else found[-1][1]
    numbers = [float(number) * _METRES[unit or usual] for number, unit in found]
    if len(numbers) != 2:
        message = f"{text!r} has {len(numbers)} coordinates; I put things down on what is there."
        raise Refused("not_understood", message, "Say x and y only, such as '(0.5, 0.1)'.")
    return numbers[0], numbers[1]


_TOKEN = re.compile(
    rf"(?P<point>{POINT})|"
    r"(?P<number>(?:(?<=\s)-|^-)?(?:\d+\s+\d+/\d+|\d+/\d+|\d+(?:[.,]\d+)?|[.,]\d+)(?![\w/]|[.,]\d))"
    r"|(?P<glued>(?:\d+(?:[.,]\d+)?|[.,]\d+)[a-z]+)(?![\w])|(?P<word>m/s(?!\w)|\w[\w']*)"
    r"|(?P<arrow>-+>|=+>|\u2192)|(?P<smile>[:;]-?[()D])|(?P<stop>[.;!?\n]+|:)|(?P<comma>[,()\[\]]|\s-+\s|\u2014|\u2013)|(?P<and>[&+])|(?P<or>/)"
    r"|(?P<percent>%)|(?P<skipped>\s+|[\"'\-])|(?P<other>.)"
)
_LISTED = re.compile(
    r"(?:(?<=^)|(?<=[\s;:]))\(?(?:step\s+)?(\d{1,2}|[a-h])\s*(?:[.):]|\s-)\s*(?=[a-z\"'])"
    r"|^\s*[*\u2022\u2023\u25e6-]\s+",
    re.MULTILINE,
)
"""The sign before an item of a list: "1.", "2)", "(a)", "step 3:", or a bullet at the start of a line."""
_ABBREVIATED = re.compile(
    r"(?<=\d)(\s*(?:mm|cm|dm|m|ft))\.(?=\s+(?:to|left|right|forward|back|away|towards?|up|from|behind)\b)"
)
"""A unit with a full stop that does not end the sentence."""
_RANGE = re.compile(r"\d\s*(?:-|\u2013|to|or)\s*\d+(?:[.,]\d+)?\s*(?:mm|cm|m|metres?|centimet\w+)\b")
_APOSTROPHES = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ", "\u2212": "-"}
)
_AS_WORDS = {"arrow": "to", "and": "and", "or": "or", "percent": "percent"}


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


def written_out(text: str) -> str:
    """The text in lower case with the signs of lists as ends of sentences; nothing changes its place.

    A list counts from 1 or a, one by one: the number in "by 5. Then ..." stays a number.
    """
    text = text.translate(_APOSTROPHES).lower()
    text = _ABBREVIATED.sub(lambda found: f"{found[1]} ", text)
    expected = 1

    def as_stop(found: re.Match[str]) -> str:
        nonlocal expected
        sign = found[1]
        if sign is not None:
            if sign not in (str(expected), "abcdefgh"[expected - 1 : expected]):
                return found[0]
            expected += 1
        return ".".ljust(len(found[0]))

    return _LISTED.sub(as_stop, text)


def split(text: str, lexicon: Lexicon) -> list[Raw]:
    """The pieces of an instruction, in lower case.

    Raises:
        Refused: A character that no instruction needs, or a number that is none.
    """
    text = written_out(text)
    between = _RANGE.search(text)
    if between is not None:
        raise Refused("not_understood", f"{between[0]!r} leaves open how far.", "Say one distance.")
    pieces: list[Raw] = []
    for match in _TOKEN.finditer(text):
        kind, piece, start, end = str(match.lastgroup), match.group(), match.start(), match.end()
        if kind in ("skipped", "smile"):
            continue
        if kind == "other":
            hint = "Use plain words, or coordinates such as '(0.5, 0.1)'."
            raise Refused("not_understood", f"The character {piece!r} means nothing to me.", hint)
        minus = bool(pieces) and pieces[-1].text in ("minus", "negative") and kind in ("number", "glued")
        if (kind == "number" and piece.startswith("-")) or minus:
            said = f"minus {piece}" if minus else piece
            hint = _without_sign(text, start, lexicon) or "Say the direction in words, such as 'to the left'."
            raise Refused("not_understood", f"{said!r} is a negative number.", hint)
        if kind == "glued":
            pieces.extend(_unglued(piece, start, end, lexicon))
        elif kind == "word":
            pieces.extend(_possessive(piece, start, end))
        elif kind in _AS_WORDS:
            pieces.append(Raw("word", _AS_WORDS[kind], start, end))
        else:
            pieces.append(Raw(kind, piece, start, end))
    return pieces


_OPPOSITE = {"left": "right", "right": "left", "forward": "backward", "backward": "forward"}
_CLAUSE_END = re.compile(r"[.;!?\n]\s|\b(?:and|then|but)\b")


def _without_sign(text: str, at: int, lexicon: Lexicon) -> str:
    """The hint that turns a negative distance round, where its clause says a direction; "" where it does not."""
    ends = [found.start() for found in _CLAUSE_END.finditer(text)]
    clause = text[max([0, *(end for end in ends if end < at)]) : min([len(text), *(end for end in ends if end >= at)])]
    said = lexicon.phrases("DIR")
    longest = sorted(said, key=len, reverse=True)
    found = re.search(rf"\b(?:{'|'.join(map(re.escape, longest))})\b(?!\s+of\b)", clause)
    if found is None:
        return ""
    meant = _OPPOSITE[said[found[0]]]
    instead = f"to the {meant}" if f"to the {meant}" in said else meant
    return f"Say {instead!r} and the distance without the minus, instead of {found[0]!r}."


def _unglued(piece: str, start: int, end: int, lexicon: Lexicon) -> list[Raw]:
    """For "10cm" as number and unit; "2nd" and unknown mixtures stay whole."""
    digits = re.match(r"\d+(?:[.,]\d+)?|[.,]\d+", piece)
    cut = digits.end() if digits else 0
    if cut and (piece[cut:] in lexicon.units or piece[cut:] == "in"):
        unit = "inch" if piece[cut:] == "in" else piece[cut:]
        return [Raw("number", piece[:cut], start, start + cut), Raw("word", unit, start + cut, end)]
    return [Raw("word", piece, start, end)]


def _possessive(piece: str, start: int, end: int) -> list[Raw]:
    stem = piece.strip("'")
    if stem in ("that's", "it's", "which's", "one's", "they're"):
        cut = stem.index("'")
        return [Raw("word", stem[:cut], start, start + cut), Raw("word", stem[cut:], start + cut, end)]
    return [Raw("word", stem, start, end)] if stem else []


def _value(text: str) -> float:
    """The value of "2.5", "0,05", "1/2" or "1 1/2"."""
    whole, _, fraction = text.rpartition(" ") if "/" in text else (text, "", "")
    above, _, below = fraction.partition("/")
    return float(whole.replace(",", ".") or 0) + (float(above) / max(float(below), 1.0) if below else 0.0)


def read_number(pieces: list[Raw], at: int, lexicon: Lexicon) -> tuple[float, int]:
    """A number that starts at a piece, and how many pieces it takes; (0, 0) if there is none."""
    if at >= len(pieces):
        return 0.0, 0
    text = pieces[at].text
    if pieces[at].kind == "number":
        return _value(text), 1
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
    (["half"], 0.5),
    (["half", "a"], 0.5),
    (["half", "an"], 0.5),
    (["a", "half"], 0.5),
    (["a", "quarter", "of", "a"], 0.25),
    (["a", "quarter"], 0.25),
    (["a"], 1.0),
    (["an"], 1.0),
)


def _read_plain_distance(pieces: list[Raw], at: int, lexicon: Lexicon) -> tuple[float, int]:
    """A distance [m] without the words around it, and how many pieces it takes; (0, 0) if there is none."""
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


_AROUND = tuple(tuple(said.split()) for said in (
    "another", "a further", "an extra", "an additional", "a total of", "about", "around", "roughly", "approximately", "some",
    "exactly", "precisely", "just", "circa", "by",
))  # fmt: skip
"""What may stand before a distance and leaves it as it is."""
_BEHIND = (("or", "so"), ("further",), ("farther",), ("more",))
"""What may stand behind a distance and leaves it as it is."""


def read_distance(pieces: list[Raw], at: int, lexicon: Lexicon, further: bool = True) -> tuple[float, int]:
    """A distance [m] that starts at a piece, and how many pieces it takes; (0, 0) if there is none.

    With `further`, words such as "further" behind it belong to it.
    """
    before = 0
    while True:
        words = tuple(piece.text for piece in pieces[at + before : at + before + 3])
        around = next((len(said) for said in _AROUND if words[: len(said)] == said), 0)
        if not around:
            break
        before += around
    distance, taken = _read_plain_distance(pieces, at + before, lexicon)
    if not taken:
        return 0.0, 0
    words = tuple(piece.text for piece in pieces[at + before + taken : at + before + taken + 2])
    behind = next((len(said) for said in _BEHIND if words[: len(said)] == said), 0)
    return distance, before + taken + (behind if further else 0)


def read_quantity(pieces: list[Raw], at: int, lexicon: Lexicon) -> tuple[float, str, int]:
    """A number with its unit that starts at a piece: its value in SI units, the unit, and how many pieces it takes."""
    distance, taken = read_distance(pieces, at, lexicon, further=False)
    if taken:
        return distance, "m", taken
    before = 1 if pieces[at].text == "by" else 0
    value, taken = read_number(pieces, at + before, lexicon)
    words = tuple(piece.text for piece in pieces[at + before + taken : at + before + taken + 3])
    said = next((said for said in lexicon.quantities if words[: len(said)] == said), None)
    if not taken or said is None:
        return 0.0, "", 0
    unit = lexicon.quantities[said]
    return value * (0.01 if unit == "share" else 1.0), unit, before + taken + len(said)
