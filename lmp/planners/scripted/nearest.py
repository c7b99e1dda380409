"""The nearest known word to a misspelled one, by the letters that were left out, added, changed or exchanged."""

from __future__ import annotations

from collections.abc import Collection, Iterable


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


def nearest_word(word: str, known: Iterable[str], preferred: Collection[str] = ()) -> str | None:
    """The known word with the fewest edits, at most one for every three letters; None if nothing is near.

    Among equals a preferred word wins, then one with the same first letter.
    """
    limit = max(1, len(word) // 3) if len(word) > 2 else 0
    best = min(
        ((letter_distance(word, other), other not in preferred, other[:1] != word[:1], abs(len(other) - len(word)), other)
         for other in {*known, *preferred} if abs(len(other) - len(word)) <= limit and len(other) > 1 and other != word),
        default=None,
    )  # fmt: skip
    return best[4] if best is not None and best[0] <= limit else None
