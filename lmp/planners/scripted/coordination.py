"""Joined noun phrases: "the red and the green block" shares its noun, "the big, red block" is one thing."""

from __future__ import annotations

from dataclasses import replace

from lmp.planners.scripted.syntax import NounPhrase


def heads_shared(phrases: list[NounPhrase], joints: list[str]) -> list[NounPhrase]:
    """The phrases with left-out nouns filled in from their neighbours, and stacked adjectives joined to one phrase."""
    if len(phrases) == 2 and joints == ["comma"] and _stacks(phrases[0], phrases[1]):
        first, second = phrases
        merged = replace(second, adjectives=first.adjectives + second.adjectives, determiner=first.determiner or second.determiner)
        return [replace(merged, text=f"{first.text}, {second.text}", count=first.count or second.count)]
    filled: list[NounPhrase] = []
    for i, phrase in enumerate(phrases):
        if phrase.head or phrase.other or phrase.quantifier in ("all", "both"):
            filled.append(phrase)
            continue
        source = next((other for other in phrases[i + 1 :] if other.head), None) or next((other for other in reversed(filled) if other.head), None)
        if source is None or source.head not in ("NOUN", "ONE", "THING"):
            filled.append(phrase)
        else:
            filled.append(replace(phrase, head=source.head, noun=source.noun, plural=source.plural and not phrase.count))
    return filled


def _stacks(first: NounPhrase, second: NounPhrase) -> bool:
    kinds = {adjective.kind for adjective in first.adjectives}
    other = {adjective.kind for adjective in second.adjectives}
    return not first.head and second.head == "NOUN" and not second.plural and not second.determiner and bool(other) and not kinds & other
