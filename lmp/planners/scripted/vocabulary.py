"""The words that a scene adds to the lexicon: its categories, its colours and its names."""

from __future__ import annotations

import re

from lmp.planners.scripted.lexicon import Lexeme, Lexicon, plural
from lmp.schema.scene import Scene


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
    return entries
