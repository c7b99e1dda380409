"""Gives every word of an instruction its one reading: longest known phrase first, then its neighbours decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lmp.planners.scripted.lexicon import MAX_PHRASE_WORDS, Lexeme, Lexicon, nearest_word
from lmp.planners.scripted.tokens import Raw, Word, read_distance, read_number, split
from lmp.schema.plan import Refused

Entries = Mapping[tuple[str, ...], list[Lexeme]]
_SIDE_WORDS = frozenset({"left", "right", "front", "back", "rear", "middle", "centre", "center", "top", "bottom"})
_MORE_SIDES = frozenset({"left", "right", "most", "back", "front", "rear", "top", "bottom", "upper", "lower", "far", "near"})
Unit = tuple[Word, list[Lexeme]]

MAX_CHARACTERS = 500
MAX_WORDS = 100

BEFORE_NOUN = frozenset({"DET", "ADJ", "QUANT", "NUM", "ORD", "OTHER", "POF"})
NOUNLIKE = frozenset({"NOUN", "NAME", "ONE", "THING", "EVERY", "STRUCTURE", "REGION"})
PHRASE_START = BEFORE_NOUN | NOUNLIKE | {"PRON"}
_READ_ALREADY = {"stop": "STOP", "comma": "COMMA", "point": "REGION"}
_OPENS_CLAUSE = frozenset(
    {"", "STOP", "COMMA", "AND", "OR", "BUT", "MARK", "FILLER", "NEG", "SPEED", "REQUEST", "PARTICLE_TO", "WH", "IF", "ALSO"}
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
            if tags & {"NOUN", "REGION", "ONE", "THING", "NAME", "STRUCTURE"} or following[:1] in [
                (side,) for side in _MORE_SIDES
            ]:
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
    near = {name: nearest_word(name[:40], own, lexicon.grammar_words, lexicon.words) for name in names[:8]}
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
    if "NOUN" in by_tag and by_tag.keys() & {"THING", "REGION", "STRUCTURE"}:  # objects of this scene are called so
        part_of = "REGION" in by_tag and bool(after) and after[0][0].text == "of"
        return "REGION" if part_of else "NOUN"
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
