"""The nearest known word to a misspelled one, by the letters that were left out, added, changed or exchanged."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from lmp.schema.condition import CONDITIONS
from lmp.schema.scene import Scene

THAN = " than"
"""How the relation of a comparison ends ("large than"): no kind of condition has a blank in its name."""
MAX_PHRASE_WORDS = 8


@dataclass(frozen=True)
class Lexeme:
    """One reading of a word or of a fixed phrase.

    Attributes:
        tag: Class of the word; the grammar's terminals are named after it.
        value: What it means, in the planner's own vocabulary.
        kind: For adjectives, the property that they are about: colour, size, place, shape.
        degree: For adjectives, positive, comparative or superlative.
        plural: For nouns.
    """

    tag: str
    value: str
    kind: str = ""
    degree: str = "positive"
    plural: bool = False


@dataclass
class Lexicon:
    """All entries by their words, and the tables that resolution needs."""

    entries: dict[tuple[str, ...], list[Lexeme]] = field(default_factory=dict)
    synonyms: list[frozenset[str]] = field(default_factory=list)
    hypernyms: dict[str, frozenset[str]] = field(default_factory=dict)
    colours: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    units: dict[str, float] = field(default_factory=dict)
    quantities: dict[tuple[str, ...], str] = field(default_factory=dict)
    amounts: dict[str, list[str]] = field(default_factory=dict)
    comparisons: dict[str, tuple[str, int, bool]] = field(default_factory=dict)
    singulars: dict[str, str] = field(default_factory=dict)
    containers: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()
    mass: frozenset[str] = frozenset()

    def add(self, phrase: str, lexeme: Lexeme) -> None:
        """Adds a reading of a word or phrase."""
        words = phrase.replace("it's", "it 's").replace("that's", "that 's").split()  # as the text itself is split
        readings = self.entries.setdefault(tuple(words), [])
        if lexeme not in readings:
            readings.append(lexeme)

    def singular(self, word: str) -> str:
        """The singular of a noun, by rule and exception; the word itself if it is not a plural."""
        if word in self.singulars:
            return self.singulars[word]
        if word.endswith("ies") and len(word) > 4:
            return word[:-3] + "y"
        if word.endswith(("ches", "shes", "xes", "sses", "zes")):
            return word[:-2]
        return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word

    def group(self, noun: str) -> frozenset[str]:
        """The nouns that mean the same as `noun` in some use, itself included."""
        return frozenset({noun}).union(*(group for group in self.synonyms if noun in group))

    def phrases(self, tag: str) -> dict[str, str]:
        """Meanings of the phrases of one class, by their words."""
        return {" ".join(said): read.value for said, readings in self.entries.items() for read in readings if read.tag == tag}

    @property
    def grammar_words(self) -> frozenset[str]:
        """The single words that are no nouns: what a sentence is held together by."""
        return frozenset(said[0] for said, readings in self.entries.items() if len(said) == 1 and readings[0].tag != "NOUN")

    @property
    def words(self) -> tuple[str, ...]:
        """Every single word that is known, sorted."""
        return tuple(sorted({phrase[0] for phrase in self.entries if len(phrase) == 1} | set(self.numbers) | set(self.units)))


def plural(noun: str) -> str:
    """The regular plural of a noun or of a phrase that ends in one."""
    if noun.endswith(("s", "x", "ch", "sh", "z")):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


def inflections(verb: str) -> set[str]:
    """The regular forms of a verb, itself included."""
    stem = verb[:-1] if verb.endswith("e") else verb
    third = verb + "es" if verb.endswith(("s", "x", "ch", "sh", "z")) else verb + "s"
    forms = {verb, third, stem + "ing", stem + "ed"}
    if verb[-1] in "bgmnpt" and verb[-2] in "aeiou" and verb[-3:-2] not in "aeiou":
        forms |= {verb + verb[-1] + "ing", verb + verb[-1] + "ed"}
    return forms


def _add_verbs(lexicon: Lexicon, data: dict[str, Any]) -> None:
    for action, verbs in data["verbs"].items():
        for verb in verbs:
            for form in inflections(verb) | set(data["verb_forms"].get(verb, ())):
                lexicon.add(form, Lexeme("VERB", action, kind=verb))
    for action, phrases in data["verb_phrases"].items():
        for phrase in phrases:
            lexicon.add(phrase, Lexeme("VERB", action, kind=phrase))
    for verb in data["unsupported_verbs"]["words"]:
        for form in inflections(verb):
            lexicon.add(form, Lexeme("UNABLE", verb))


def _add_nouns(lexicon: Lexicon, data: dict[str, Any]) -> None:
    def noun(word: str, tag: str = "NOUN", value: str = "", kind: str = "") -> None:
        lexicon.add(word, Lexeme(tag, value or word, kind))
        lexicon.add(plural(word), Lexeme(tag, value or word, kind, plural=True))
        lexicon.singulars[plural(word)] = word

    lexicon.singulars.update(data["irregular_plurals"])
    for canonical, synonyms in data["nouns"].items():
        lexicon.synonyms.append(frozenset({canonical, *synonyms}))
        for word in (canonical, *synonyms):
            noun(word)
    for word in data["common_nouns"]["words"]:
        noun(word)
    for word, members in data["hypernyms"].items():
        lexicon.hypernyms[word] = frozenset(members)
        noun(word)
    for word in data["thing_nouns"]["container"]:
        noun(word, value="container")
    for word in data["thing_nouns"]["words"]:
        noun(word, tag="THING", value="thing")
    for words, singular in data["irregular_plurals"].items():
        lexicon.add(words, Lexeme("NOUN", singular, plural=True))
    for tag, section in (("REGION", "regions"), ("STRUCTURE", "structures")):
        for value, words_of in data[section].items():
            for word in words_of:
                noun(word, tag, value)


def _add_adjectives(lexicon: Lexicon, data: dict[str, Any]) -> None:
    for colour, synonyms in data["colours"].items():
        for word in (colour, *synonyms):
            lexicon.colours[word] = colour
            lexicon.add(word, Lexeme("ADJ", word, "colour"))
    for kind, section in (("size", "sizes"), ("place", "places")):
        for value, degrees in data[section].items():
            for degree, words in zip(("positive", "comparative", "superlative"), degrees, strict=True):
                for word in words:
                    lexicon.add(word, Lexeme("ADJ", value, kind, degree))
    for value, words in data["shapes"].items():
        for word in words:
            lexicon.add(word, Lexeme("ADJ", value, "shape"))


_SECTIONS = {
    "relations": "REL", "directions": "DIR", "sides": "SIDE", "from_sides": "FROMSIDE", "orders": "ORDER", "mutual": "MUTUAL",
    "speeds": "SPEED", "pronouns": "PRON", "quantifiers": "QUANT", "everything": "EVERY", "ends": "END", "taken": "TAKEN",
    "particles": "PARTICLE", "determiners": "DET", "steps": "MARK",
}  # fmt: skip
_LISTS = {
    "fillers": "FILLER", "requests": "REQUEST", "goes": "GOES", "exceptions": "EXCEPT", "instead_of": "INSTEADOF",
    "negations": "NEG", "conditions": "IF", "questions": "WH", "participles": "PARTICIPLE", "beings": "BE", "also": "ALSO",
    "inexact": "INEXACT", "viewer": "VIEWER",
}  # fmt: skip


@functools.cache
def load_lexicon() -> Lexicon:
    """The lexicon of this package, read once."""
    data = tomllib.loads(resources.files(__package__).joinpath("lexicon.toml").read_text(encoding="utf-8"))
    lexicon = Lexicon()
    _add_verbs(lexicon, data)
    _add_nouns(lexicon, data)
    _add_adjectives(lexicon, data)
    for section, tag in _SECTIONS.items():
        for value, phrases in data[section].items():
            for phrase in phrases:
                lexicon.add(phrase, Lexeme(tag, value))
    for section, tag in _LISTS.items():
        for phrase in data[section]["words"]:
            lexicon.add(phrase, Lexeme(tag, phrase))
    for phrase in data["amounts"]["bit"]:
        lexicon.add(phrase, Lexeme("DIST", "0.05"))
    for number, word in enumerate(data["ordinals"]["words"], start=1):
        lexicon.add(word, Lexeme("ORD", str(number)))
        lexicon.add(f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number, 'th') }", Lexeme("ORD", str(number)))
    lexicon.add("last", Lexeme("ORD", "-1"))
    for word in ("left", "right"):
        lexicon.add(word, Lexeme("DIR", word))
    lexicon.add("matching", Lexeme("ADJ", "matching", "match"))
    for word in ("other", "others", "remaining", "rest", "else"):
        lexicon.add(word, Lexeme("OTHER", word, plural=word in ("others", "rest")))
    for word, is_plural in (("one", False), ("ones", True)):
        lexicon.add(word, Lexeme("ONE", "one", plural=is_plural))
    for word in ("and", "or", "but", "than", "with", "that", "only"):
        lexicon.add(word, Lexeme(word.upper(), word))
    numbers, tens = data["numbers"]["words"], data["numbers"]["tens"]
    lexicon.numbers = {word: value for value, word in enumerate(numbers)} | {word: 20 + 10 * i for i, word in enumerate(tens)}
    for words in data["units"].values():
        for word in words:
            lexicon.add(word, Lexeme("UNIT", word))
    lexicon.units = {word: float(factor) for factor, words in data["units"].items() for word in words}
    lexicon.amounts = data["amounts"]
    lexicon.quantities = {tuple(said.split()): unit for unit, words in data["quantities"].items() for said in words}
    for about, (more, less, much, little) in data["comparisons"].items():
        for words, sign, alone in ((more, 1, True), (less, -1, True), (much, 1, False), (little, -1, False)):
            lexicon.comparisons |= dict.fromkeys(words, (about, sign, alone))
    lexicon.containers = frozenset(data["thing_nouns"]["container"])
    lexicon.mass = frozenset(data["mass_nouns"]["words"])
    return lexicon


def words_of(label: str) -> tuple[str, ...]:
    """The lower-case words of a category or name: "Coffee_mug-2" is coffee, mug, 2."""
    return tuple(re.findall(r"[^\W\d_]+|\d+", label.lower()))


def scene_entries(scene: Scene, lexicon: Lexicon) -> dict[tuple[str, ...], list[Lexeme]]:
    """Readings of words and phrases that come from the scene."""
    entries: dict[tuple[str, ...], list[Lexeme]] = {}

    def add(words: tuple[str, ...], lexeme: Lexeme) -> None:
        if words and lexeme not in entries.setdefault(words, []):
            entries[words].append(lexeme)

    for thing in scene.objects:
        category = words_of(thing.category)
        label = " ".join(category)
        for form, many in ((category, False), ((*category[:-1], *map(plural, category[-1:])), True)):
            add(form, Lexeme("NOUN", label, plural=many))
        if len(category) > 1 and (category[-1],) not in lexicon.entries:
            add(category[-1:], Lexeme("NOUN", category[-1]))
            add((plural(category[-1]),), Lexeme("NOUN", category[-1], plural=True))
        if thing.colour is not None:
            add(words_of(thing.colour), Lexeme("ADJ", " ".join(words_of(thing.colour)), "colour"))
    for thing in scene.objects:
        add((thing.name.lower(),), Lexeme("NAME", thing.name))
        add(tuple(re.findall(r"[\w']+", thing.name.lower())), Lexeme("NAME", thing.name))
        words = words_of(thing.name)
        nouns = all({lexeme.tag for lexeme in lexicon.entries.get((word,), ())} & {"NOUN"} for word in words)
        nouns &= not any(lexeme.tag == "ADJ" for word in words for lexeme in lexicon.entries.get((word,), ()))
        known = all((word,) in lexicon.entries or (word,) in entries for word in words if not word.isdigit())
        if len(words) > 1 and (not known or nouns or words[-1].isdigit()):
            add(words, Lexeme("NAME", thing.name))
        if len(words) > 1 and not known:
            for word in words:
                if not word.isdigit() and (word,) not in lexicon.entries and (word,) not in entries:
                    add((word,), Lexeme("NOUN", word))
                    add((plural(word),), Lexeme("NOUN", word, plural=True))
    for kind, relation in CONDITIONS.all().items():
        for phrase in relation.phrases if relation.is_place else ():
            if tuple(phrase.split()) not in lexicon.entries:  # what the lexicon knows has its meaning there
                add(tuple(phrase.split()), Lexeme("REL", kind))
    return entries


def listing(items: Iterable[str], joint: str = "and") -> str:
    """Items as English: "a", "a and b", "a, b and c"."""
    words = [str(item) for item in items]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}" if words else "nothing"


def side_of(relation: str) -> str | None:
    """The side of a reference that a relation means, "any" for whichever; None for other relations."""
    found = CONDITIONS.get(relation)
    return None if found is None else found.beside


def letter_distance(first: str, second: str) -> int:
    """Fewest single-letter edits and exchanges of neighbours between two words (optimal string alignment) [count]."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, start=1):
        older, before, row = before, row, [i]
        for j, other in enumerate(second, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def nearest_word(word: str, *known: Collection[str]) -> str | None:
    """The known word with the fewest edits, at most one for every three letters; None if nothing is near.

    Among equals a word of an earlier collection wins, then one of the same letters, then one with the same first letter.
    """
    limit, letters = max(1, len(word) // 3) if len(word) > 2 else 0, sorted(word)
    best = min(
        ((letter_distance(word, other), rank, sorted(other) != letters, other[:1] != word[:1], abs(len(other) - len(word)),
          other)
         for rank, words in enumerate(known) for other in words
         if abs(len(other) - len(word)) <= limit and len(other) > 1 and other != word),
        default=None,
    )  # fmt: skip
    return best[-1] if best is not None and best[0] <= limit else None
