"""From tagged words to what the grammar reads: filler dropped, clauses told apart, unsupported constructions refused."""

from __future__ import annotations

from dataclasses import replace

from lmp.planners.scripted.lexicon import THAN, Lexeme, side_of
from lmp.planners.scripted.tagging import NOUNLIKE, PHRASE_START
from lmp.planners.scripted.tokens import Word
from lmp.schema.plan import Refused

_UNSUPPORTED = {
    "INEXACT": ("I go by what is said exactly", "Say how far, how many or where, as one number or place."),
    "UNIT": ("no number is said before it", "Say for example '5 cm'."),
    "VIEWER": ("I do not know where you are", "Say it as the robot sees it, such as 'to the left', or by objects."),
}
SIDES = frozenset({"left", "right", "front", "behind"})
_HEADS = frozenset({"VERB", "UNABLE", "REQUEST"})


def prepare(words: list[Word]) -> list[Word]:
    """The words as the grammar's terminals.

    Raises:
        Refused: A condition, a question or a negation that could not be honoured.
    """
    words = _without_numbers(_without_fillers(words))
    if len(words) > 2 and words[0].value == "robot" and words[0].tag == "NOUN" and words[1].tag in ("COMMA", "VERB"):
        words = words[2:] if words[1].tag == "COMMA" else words[1:]
    _refuse_unsupported(words)
    words = _exceptions(words)
    words = _demonstratives(words)
    words = _requests(words)
    words = _small_words(words)
    return _separate(words)


def _without_numbers(words: list[Word]) -> list[Word]:
    """The words without the numbers of a list: "1. ... 2. ..."."""
    kept: list[Word] = []
    for i, word in enumerate(words):
        starts = not kept or kept[-1].tag == "STOP"
        if starts and word.tag == "NUM" and i + 1 < len(words) and words[i + 1].tag == "STOP":
            continue
        kept.append(word)
    return kept


def _without_fillers(words: list[Word]) -> list[Word]:
    """The words without those that mean nothing here, such as "please", and the "go" of "go get"."""
    kept = [word for word in words if word.tag != "FILLER"]
    return [
        word for i, word in enumerate(kept) if not (word.value == "reach" and i + 1 < len(kept) and kept[i + 1].tag == "VERB")
    ]


def _refuse_unsupported(words: list[Word]) -> None:
    for i, word in enumerate(words):
        previous = words[i - 1] if i else None
        if word.tag in ("INEXACT", "UNIT", "VIEWER"):
            message, hint = _UNSUPPORTED[word.tag]
            raise Refused("not_understood", f"{word.text!r}: {message}.", hint)
        if _lacks_unit(words, i):
            message = f"{word.text!r} has no unit, so I do not know how far."
            raise Refused("not_understood", message, f"Say for example '{word.text} cm'.")
        if word.tag == "IF":
            raise Refused(
                "not_understood", f"{word.text!r}: I cannot act on conditions.", "Say only what to do, without the condition."
            )
        starts = previous is None or previous.tag == "STOP"
        relative = word.text == "which" and previous is not None and previous.tag in NOUNLIKE | {"ADJ"}
        content = word.text == "what" and previous is not None and previous.tag == "VERB"
        if (word.value == "where" and starts) or (word.tag == "WH" and not relative and not content):
            message = f"{word.text!r} asks a question; I act on instructions."
            raise Refused("not_understood", message, "Say what to do, such as 'pick up the red block'.")
        if word.tag == "NEG" and not (previous and previous.tag in ("BE", "THAT")) and not _is_replaced(words, i):
            message = f"{word.text!r}: I cannot promise what to avoid."
            raise Refused("not_understood", message, "Say only what to do, or 'all ... except ...'.")


def _lacks_unit(words: list[Word], at: int) -> bool:
    """True for a bare number beside a direction, or after "by", where no objects can be counted."""
    before, after = words[at - 1] if at else None, words[at + 1] if at + 1 < len(words) else None
    if words[at].tag != "NUM" or (after is not None and (after.tag in PHRASE_START or after.text == "of")):
        return False
    beside = after is not None and (
        after.tag == "DIR" or after.value in ("towards", "away_from") or side_of(after.value) in SIDES
    )
    moved = before is not None and (before.tag in NOUNLIKE | {"PRON", "VERB", "PARTICLE"})
    return (beside and moved) or (before is not None and (before.tag == "DIR" or before.text == "by"))


def _is_replaced(words: list[Word], at: int) -> bool:
    """True if a negated clause ("don't put it in the bowl, put it on the tray instead") is followed by what to do instead."""
    rest = words[at:]
    return words[at].text in ("don't", "do not", "dont") and any(w.tag == "MARK" and w.value == "instead" for w in rest)


def _exceptions(words: list[Word]) -> list[Word]:
    """For "All but the green one": "but" after a quantity and before a noun phrase takes something out."""
    changed = list(words)
    for i, word in enumerate(words):
        taken_out = word.tag == "BUT" or (word.tag == "INSTEADOF" and word.text in ("not", "and not", "but not"))
        if not taken_out or i == 0 or i + 1 == len(words) or words[i + 1].tag not in PHRASE_START:
            continue
        start = max((j for j in range(i) if words[j].tag in ("VERB", "STOP", "MARK")), default=0)
        said = [j for j in range(start, i) if words[j].tag in ("QUANT", "EVERY") or words[j].lexeme.plural]
        rest = words[i + 1 :]
        end = next((j for j, other in enumerate(rest) if other.tag in ("STOP", "MARK", "VERB")), len(rest))
        placed = any(other.tag in ("REL", "DIR", "SIDE") for other in words[said[-1] : i]) if said else False
        contrasted = placed and any(other.tag in ("REL", "DIR", "SIDE") for other in rest[:end])
        if said and not contrasted and not _starts_clause(rest):
            changed[i] = replace(word, lexeme=Lexeme("EXCEPT", "but"))
    return changed


def _demonstratives(words: list[Word]) -> list[Word]:
    """For "that" before a noun is a determiner; "which" after one opens a relative clause."""
    changed = []
    for i, word in enumerate(words):
        following = words[i + 1].tag if i + 1 < len(words) else ""
        if word.text == "that" and word.tag == "PRON" and following in NOUNLIKE | {"ADJ", "NUM", "ORD"}:
            word = replace(word, lexeme=Lexeme("DET", "demonstrative"))
        elif word.tag == "WH" and word.text != "what":
            word = replace(word, lexeme=Lexeme("THAT", "that"))
        changed.append(word)
    return changed


def _requests(words: list[Word]) -> list[Word]:
    """For "I want X in Y", "make sure X is in Y", "X should be put in Y" become put-clauses."""
    changed: list[Word] = []
    requested = False
    for i, word in enumerate(words):
        following = words[i + 1] if i + 1 < len(words) else None
        if word.tag in ("STOP",):
            requested = False
        if word.tag == "REQUEST":
            if following is not None and (following.tag == "VERB" or following.text == "to"):
                continue
            requested = True
            word = replace(word, lexeme=Lexeme("VERB", "put", kind="request"))
        elif (
            (word.tag in ("GOES", "BE") and requested and not (changed and changed[-1].tag == "THAT"))
            or (word.tag == "VERB" and changed and changed[-1].tag == "GOES")
            or (
                word.tag == "VERB"
                and requested
                and changed
                and changed[-1].tag in NOUNLIKE | {"ADJ", "PRON"}
                and word.text.endswith(("ed", "put", "set"))
            )
        ):
            continue
        changed.append(word)
    return changed


def _small_words(words: list[Word]) -> list[Word]:
    """Resolves "of", "to", "by", relative clauses and participles."""
    changed: list[Word] = []
    i = 0
    while i < len(words):
        word = words[i]
        previous = changed[-1] if changed else None
        following = words[i + 1] if i + 1 < len(words) else None
        if word.text == "of" and previous is not None and previous.tag in ("NUM", "QUANT", "ONE", "ADJ", "OTHER", "ORD"):
            word = replace(word, lexeme=Lexeme("POF", "of"))
        elif (
            (word.text == "to" and following is not None and following.tag in _HEADS)
            or (word.text == "by" and following is not None and following.tag in ("DIST", "NUM", "VERB"))
            or word.tag == "PARTICIPLE"
            or (
                word.tag == "BE"
                and any(earlier.value == "where" for earlier in changed[-8:])
                and previous is not None
                and previous.tag in NOUNLIKE | {"PRON"}
            )
        ):
            i += 1
            continue
        elif word.text in ("what", "whatever", "anything") and following is not None and following.tag == "BE":
            changed += [replace(word, lexeme=Lexeme("EVERY", "all")), replace(following, lexeme=Lexeme("RC", "is"))]
            i += 2
            continue
        elif word.tag == "THAT":
            negated, taken = _relative(words, i)
            changed.append(replace(word, lexeme=Lexeme("RC", "not" if negated else "is")))
            i += taken
            continue
        elif word.tag == "ADJ" and word.lexeme.degree == "comparative" and following is not None and following.tag == "THAN":
            lexeme = Lexeme("REL", f"{word.value}{THAN}")
            word = Word(f"{word.text} than", word.start, following.end, lexeme)
            i += 1
        elif (
            word.tag == "ADJ"
            and word.value in ("near", "far")
            and word.lexeme.degree == "superlative"
            and previous is not None
            and previous.tag in NOUNLIKE
            and following is not None
            and following.tag in PHRASE_START
        ):
            word = replace(word, lexeme=Lexeme("REL", "nearest" if word.value == "near" else "farthest"))
        changed.append(word)
        i += 1
    return changed


def _relative(words: list[Word], at: int) -> tuple[bool, int]:
    """Read the beginning of a relative clause: true if it is negated, and the number of words that open it."""
    taken = 1
    negated = False
    while at + taken < len(words) and words[at + taken].tag in ("BE", "NEG"):
        negated |= words[at + taken].tag == "NEG"
        taken += 1
    return negated, taken


def _separate(words: list[Word]) -> list[Word]:
    """Puts a SEP between clauses; what joins noun phrases stays a CONJ."""
    out: list[Word] = []
    i = 0
    while i < len(words):
        word = words[i]
        if word.tag == "COMMA" and i + 1 < len(words) and words[i + 1].tag == "VERB" and _only_fronted(out):
            i += 1
            continue
        if word.tag == "VERB" and _has_verb(out):
            out.append(replace(word, lexeme=Lexeme("SEP", "sep")))  # run on: "before you put ... put ..."
        if word.tag in ("STOP", "COMMA", "AND", "OR", "BUT", "MARK"):
            run = i
            while run < len(words) and words[run].tag in ("STOP", "COMMA", "AND", "OR", "BUT", "MARK", "SPEED", "ALSO"):
                run += 1
            out.extend(_joint(words[i:run], words[run:], bool(out)))
            i = run
            continue
        out.append(word)
        i += 1
    return out


def _has_verb(out: list[Word]) -> bool:
    """True if the clause so far has its verb already."""
    start = max((j + 1 for j, word in enumerate(out) if word.tag == "SEP"), default=0)
    return any(word.tag in ("VERB", "GOES") for word in out[start:])


def _only_fronted(out: list[Word]) -> bool:
    """True if the clause so far is a place, thing or pace before its verb, as in "in the bowl, put the red block"."""
    start = max((j + 1 for j, word in enumerate(out) if word.tag == "SEP"), default=0)
    clause = [word for word in out[start:] if word.tag != "MARK"]
    return bool(clause) and all(word.tag in PHRASE_START | {"REL", "POF", "SPEED"} for word in clause)


def _joint(run: list[Word], rest: list[Word], inside: bool) -> list[Word]:
    marks = [word for word in run if word.tag == "MARK"]
    speeds = [word for word in run if word.tag in ("SPEED", "ALSO")]
    separator = replace(run[0], lexeme=Lexeme("SEP", "sep"))
    new_clause = any(word.tag in ("MARK", "STOP") for word in run) or not rest or not inside or _starts_clause(rest)
    if new_clause and any(word.tag == "OR" for word in run):
        raise Refused("not_understood", "'or' leaves the choice open.", "Say one of the two.")
    if not rest:
        return [
            *speeds,
            *[replace(mark, lexeme=Lexeme("TRAIL", mark.value)) for mark in marks if mark.value not in ("then", "finally")],
        ]
    trailing: list[Word] = []
    while (
        inside
        and marks
        and run[0].tag == "MARK"
        and marks[0].value in ("first", "last", "instead")
        and marks[0] is run[0]
        and len(run) > 1
    ):
        trailing.append(replace(marks.pop(0), lexeme=Lexeme("TRAIL", run[0].value)))
        run = run[1:]
    new_clause = bool(marks) or any(word.tag == "STOP" for word in run) or _starts_clause(rest)
    if not inside:
        return [*marks, *speeds]
    if new_clause:
        sentence = [replace(run[0], lexeme=Lexeme("MARK", "sentence"))] if any(word.tag == "STOP" for word in run) else []
        return [*trailing, separator, *sentence, *marks, *speeds]
    if any(word.tag == "OR" for word in run):
        return [*trailing, replace(run[0], lexeme=Lexeme("ORJOIN", "or"))]
    strong = any(word.tag in ("AND", "BUT") for word in run)
    joined = (
        [replace(run[0], lexeme=Lexeme("CONJ", "and" if strong else "comma"))]
        if any(w.tag in ("AND", "BUT", "COMMA") for w in run)
        else []
    )
    return [*trailing, *speeds, *joined]


def _starts_clause(rest: list[Word]) -> bool:
    if rest[0].tag in _HEADS or rest[0].tag == "NEG":
        return True
    for word in rest:
        if word.tag == "GOES":
            return True
        if word.tag not in PHRASE_START | {"RC"}:
            return False
    return False
