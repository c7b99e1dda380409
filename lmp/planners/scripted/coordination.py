"""Joined noun phrases: "the red and the green block" shares its noun, "the big, red block" is one thing."""

from __future__ import annotations

from dataclasses import replace

from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.syntax import NounPhrase


def heads_shared(phrases: list[NounPhrase], joints: list[str]) -> list[NounPhrase]:
    """The phrases with left-out nouns filled in from their neighbours, and stacked adjectives joined to one phrase.

    Raises:
        Refused: Two phrases with a comma only between them, which could be one thing named twice.
    """
    if len(phrases) == 2 and joints == ["comma"] and _stacks(phrases[0], phrases[1]):
        first, second = phrases
        merged = replace(
            second, adjectives=first.adjectives + second.adjectives, determiner=first.determiner or second.determiner
        )
        return [replace(merged, text=f"{first.text}, {second.text}", count=first.count or second.count)]
    if len(phrases) > 1 and "and" not in joints and (len(phrases) == 2 or any(phrase.head == "ONE" for phrase in phrases)):
        words = [phrase.text for phrase in phrases]
        message = f'"{", ".join(words)}" could be one thing or several.'
        raise Refused("ambiguous", message, f"Say '{' and '.join(words)}' for several.")
    if len(phrases) > 1 and phrases[0].partitive and not phrases[0].head and (phrases[0].outer or phrases[0].count):
        return [_choice_of(phrases, joints)]
    if len(phrases) == 2 and phrases[0].quantifier == "both" and not phrases[0].plural:
        phrases = [replace(phrases[0], quantifier=""), phrases[1]]  # "both the red and the green block" counts the joined two
    shared = False
    filled: list[NounPhrase] = []
    for i, phrase in enumerate(phrases):
        if phrase.head or phrase.other or phrase.quantifier in ("all", "both"):
            filled.append(phrase)
            continue
        source = next((other for other in phrases[i + 1 :] if other.head), None) or next(
            (other for other in reversed(filled) if other.head), None
        )
        if source is None or source.head not in ("NOUN", "ONE", "THING"):
            filled.append(phrase)
        else:
            filled.append(replace(phrase, head=source.head, noun=source.noun, plural=source.plural and not phrase.count))
            shared = True
    return [_single(phrase) for phrase in filled] if shared else filled


def _single(phrase: NounPhrase) -> NounPhrase:
    """For "the left and right blocks": the plural is that of the sum, and each order word means one."""
    ranked = any(adjective.kind in ("size", "place") for adjective in phrase.adjectives)
    return replace(phrase, plural=False) if ranked and not phrase.count and not phrase.quantifier else phrase


def _choice_of(phrases: list[NounPhrase], joints: list[str]) -> NounPhrase:
    """For "The smaller of the red and the blue block": one choice among joined phrases."""
    first = phrases[0]
    inner = replace(
        first, adjectives=first.adjectives[first.outer :], outer=0, partitive=False, count=0, ordinal=0, quantifier=""
    )
    members = heads_shared([inner, *phrases[1:]], joints)
    text = " and ".join(phrase.text for phrase in phrases)
    return replace(
        first, text=text, adjectives=first.adjectives[: first.outer], members=tuple(members), head="THING", noun="thing"
    )


def _stacks(first: NounPhrase, second: NounPhrase) -> bool:
    kinds = {adjective.kind for adjective in first.adjectives}
    other = {adjective.kind for adjective in second.adjectives}
    return (
        not first.head
        and second.head == "NOUN"
        and not second.plural
        and not second.determiner
        and bool(other)
        and not kinds & other
    )
