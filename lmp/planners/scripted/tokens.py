"""Gives every word of an instruction its one reading: longest known phrase first, then its neighbours decide."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from lmp.planners.scripted.lexicon import MAX_PHRASE_WORDS, Lexeme, Lexicon, nearest_word
from lmp.planners.scripted.refused import Refused

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
        raise Refused(
            "not_understood",
            f"{text!r} has {len(numbers)} coordinates; I put things down on what is there.",
            "Say x and y only, such as '(0.5, 0.1)'.",
        )
    return numbers[0], numbers[1]


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


Entries = Mapping[tuple[str, ...], list[Lexeme]]
_SIDE_WORDS = frozenset({"left", "right", "front", "back", "rear", "middle", "centre", "center", "top", "bottom"})
Unit = tuple[Word, list[Lexeme]]

MAX_CHARACTERS = 500
MAX_WORDS = 100

BEFORE_NOUN = frozenset({"DET", "ADJ", "QUANT", "NUM", "ORD", "OTHER", "POF"})
NOUNLIKE = frozenset({"NOUN", "NAME", "ONE", "THING", "EVERY", "STRUCTURE", "REGION"})
PHRASE_START = BEFORE_NOUN | NOUNLIKE | {"PRON"}
_READ_ALREADY = {"stop": "STOP", "comma": "COMMA", "point": "REGION"}
_OPENS_CLAUSE = frozenset(
    {"", "STOP", "COMMA", "AND", "OR", "BUT", "MARK", "FILLER", "NEG", "SPEED", "WISH", "PARTICLE_TO", "WH", "IF", "ALSO"}
)


def tag(text: str, lexicon: Lexicon, scene_entries: Entries) -> list[Word]:
    """The words of an instruction, each with one reading.

    Raises:
        Refused: It is too long, empty, or has words that are not known.
    """
    if len(text) > MAX_CHARACTERS:
        raise Refused(
            "not_understood", f"The instruction has {len(text)} characters; {MAX_CHARACTERS} are allowed.", "Say it in parts."
        )
    pieces = split(text, lexicon)
    if len(pieces) > MAX_WORDS:
        raise Refused(
            "not_understood", f"The instruction has {len(pieces)} words; {MAX_WORDS} are allowed.", "Say it in parts."
        )
    units = _units(pieces, lexicon, scene_entries)
    tagged: list[Word] = []
    for i, (word, readings) in enumerate(units):
        previous = tagged[-1].tag if tagged else ""
        following = units[i + 1 :]
        tagged.append(replace(word, lexeme=_choose(word, readings, previous, tagged, following)))
    return tagged


def _units(pieces: list[Raw], lexicon: Lexicon, scene_entries: Entries) -> list[Unit]:
    units: list[Unit] = []
    unknown: list[Raw] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        taken = 1
        if piece.kind in _READ_ALREADY:
            units.append((Word(piece.text, piece.start, piece.end, Lexeme(_READ_ALREADY[piece.kind], piece.text)), []))
        else:
            taken, readings, number = _lookup(pieces, at, lexicon, scene_entries)
            if taken == 0:
                unknown.append(piece)
                taken = 1
            else:
                span = pieces[at : at + taken]
                text = " ".join(part.text for part in span)
                units.append((Word(text, piece.start, span[-1].end, readings[0], number), readings))
        at += taken
    if unknown:
        raise _unknown_words(unknown, lexicon, scene_entries)
    return units


def _lookup(pieces: list[Raw], at: int, lexicon: Lexicon, scene_entries: Entries) -> tuple[int, list[Lexeme], float]:
    """The longest entry that starts here: words taken, its readings, its number."""
    words = tuple(piece.text for piece in pieces[at : at + MAX_PHRASE_WORDS])
    length, readings = 0, []
    for size in range(len(words), 0, -1):
        found = [*scene_entries.get(words[:size], ()), *lexicon.entries.get(words[:size], ())]
        following = words[size : size + 1]
        if (
            found
            and size > 1
            and words[size - 1] in _SIDE_WORDS
            and {reading.tag for reading in found} <= {"SIDE", "DIR", "END", "MUTUAL"}
        ):
            tags = {reading.tag for reading in (*scene_entries.get(following, ()), *lexicon.entries.get(following, ()))}
            if tags & {"NOUN", "REGION", "ONE", "THING", "NAME", "STRUCTURE"} or following[:1] in (
                ("left",),
                ("right",),
                ("most",),
            ):
                continue
        if found:
            length, readings = size, _without_duplicates(found)
            break
    named = length > 1 and any(reading.tag == "NAME" for reading in readings)
    distance, taken = read_distance(pieces, at, lexicon)
    if taken > length and not named:
        if distance == 0.0:
            said = " ".join(piece.text for piece in pieces[at : at + taken])
            raise Refused("not_understood", f"{said!r} is no distance.", "Say at least 5 mm, or leave it out.")
        return taken, [Lexeme("DIST", "distance")], distance
    number, taken = read_number(pieces, at, lexicon)
    if taken and taken >= length and not named:
        return taken, [Lexeme("NUM", "number"), *readings], number
    if length and readings[0].tag == "DIST":
        return length, readings, float(readings[0].value)
    return length, readings, number


def _without_duplicates(readings: list[Lexeme]) -> list[Lexeme]:
    """Readings with a name left out where the word is a noun anyway."""
    if any(reading.tag == "NOUN" for reading in readings):
        readings = [reading for reading in readings if reading.tag != "NAME"]
    return list(dict.fromkeys(readings))


def _unknown_words(unknown: list[Raw], lexicon: Lexicon, scene_entries: Entries) -> Refused:
    own = {phrase[0] for phrase in scene_entries if len(phrase) == 1}
    names = [piece.text for piece in unknown]
    near = {name: nearest_word(name[:40], lexicon.words, own) for name in names[:8]}
    hints = [f"Did you mean {word!r}" + (f" for {name!r}?" if len(names) > 1 else "?") for name, word in near.items() if word]
    what = "the word" if len(names) == 1 else "the words"
    return Refused(
        "not_understood",
        f"I do not know {what} {', '.join(map(repr, names))}.",
        " ".join(hints) or "I know words for objects, colours, sizes and places, and how to pick, put, move, push and stack.",
    )


def _choose(word: Word, readings: list[Lexeme], previous: str, before: list[Word], after: list[Unit]) -> Lexeme:
    if not readings:
        return word.lexeme
    by_tag: dict[str, Lexeme] = {}
    for reading in readings:
        by_tag.setdefault(reading.tag, reading)
    following = {reading.tag for reading in after[0][1]} if after else set()
    if after and not after[0][1]:
        following = {after[0][0].tag}
    chosen = _by_context(word, by_tag, previous, before, following, after)
    return by_tag.get(chosen, readings[0])


def _by_context(
    word: Word, by_tag: dict[str, Lexeme], previous: str, before: list[Word], following: set[str], after: list[Unit]
) -> str:
    nounlike_next = bool(following & NOUNLIKE) or bool(following & {"ADJ", "ORD", "NUM"})
    opens = previous in _OPENS_CLAUSE or (previous == "REL" and before[-1].value == "to")
    phrase_next = bool(following & PHRASE_START)
    if "NUM" in by_tag and "ONE" in by_tag:
        partitive = bool(after) and after[0][0].text == "of"
        is_number = (nounlike_next and previous not in ("DET", "ADJ", "ORD")) or (partitive and previous != "DET")
        return "NUM" if is_number else "ONE"
    if "VERB" in by_tag or "UNABLE" in by_tag:
        verb = "VERB" if "VERB" in by_tag else "UNABLE"
        others = [name for name in by_tag if name not in ("VERB", "UNABLE")]
        if "PARTICIPLE" in by_tag:
            return "PARTICIPLE" if previous in NOUNLIKE and following & {"REL", "SIDE"} else verb
        if not others:
            return verb
        return (
            verb if opens and previous not in BEFORE_NOUN and not (word.text == "rest" and word.tag == "OTHER") else others[0]
        )
    if word.text in ("left", "right") and previous not in BEFORE_NOUN and not following & NOUNLIKE:
        return "DIR"
    rules = (
        ("REL", "END", phrase_next),
        ("REL", "ADJ", previous not in BEFORE_NOUN or not nounlike_next),
        ("REL", "PARTICLE", phrase_next),
        ("SIDE", "END", True),
        ("MARK", "ORD", previous not in BEFORE_NOUN and (opens or not nounlike_next)),
        (
            "ADJ",
            "NOUN",
            nounlike_next or not any(reading.value == word.text for reading in by_tag.values() if reading.tag == "NOUN"),
        ),
        ("ADJ", "REGION", (nounlike_next and not following & {"REGION"}) or bool(following & {"REGION", "NOUN", "ONE"})),
        ("ADJ", "PARTICLE", previous in BEFORE_NOUN),
        ("ADJ", "END", previous in BEFORE_NOUN),
        ("DIR", "PARTICLE", True),
        ("DET", "PRON", nounlike_next or bool(following & BEFORE_NOUN)),
        ("EXCEPT", "INSTEADOF", any(item.tag in ("QUANT", "EVERY") or item.lexeme.plural for item in before)),
        ("NEG", "INSTEADOF", previous in ("", "STOP", "BE", "THAT") or not (phrase_next or "REL" in following)),
        ("OTHER", "IF", previous in ("EVERY", "THING")),
        ("THING", "REGION", word.text.endswith("s")),
        ("QUANT", "REGION", previous not in ("DET", "ADJ")),
    )
    for first, second, prefer_first in rules:
        if first in by_tag and second in by_tag:
            return first if prefer_first else second
    if "THAT" in by_tag and "PRON" in by_tag:
        if previous in NOUNLIKE | {"ADJ"} and following & {"BE", "NEG", "PARTICIPLE"}:
            return "THAT"
        return "PRON"
    return next(iter(by_tag))
