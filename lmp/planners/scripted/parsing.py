"""The door to lark: tagged words in, clauses out."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from importlib import resources
from typing import Any, TypeAlias, cast

from lark import Lark, Token, Transformer, Tree, UnexpectedInput
from lark.exceptions import VisitError
from lark.lexer import Lexer

from lmp.planners.scripted.tokens import Word
from lmp.schema.plan import Refused


@dataclass(frozen=True)
class Adjective:
    """A property: kind colour, size, place or shape; degree positive, comparative or superlative; negated by "not"."""

    kind: str
    value: str
    degree: str
    text: str
    negated: bool = False


@dataclass(frozen=True)
class Relation:
    """A preposition with what it refers to.

    Attributes:
        value: The relation, such as "left_of"; "side" for "on the left" without a reference.
        objects: The reference noun phrases; none for "side".
        side: For "side", which one.
        distance: For "5 cm left of ..." [m]; 0 where none was said.
        negated: For "that is not on ...".
    """

    value: str
    objects: tuple[NounPhrase, ...]
    text: str
    side: str = ""
    distance: float = 0.0
    negated: bool = False
    relative: bool = False


@dataclass(frozen=True)
class NounPhrase:
    """A noun phrase; `text` is what was written.

    Attributes:
        head: NOUN, NAME, ONE, THING, EVERY, PRON, STRUCTURE, REGION, or "" where the head is left out ("the red").
        noun: The head's value.
        determiner: the, a, demonstrative, or "".
        quantifier: all, both, any, some, or "".
        count: The number, 0 where none was said.
        partitive: "two *of* the blocks", "the largest *of* the blocks".
        ordinal: 1 for first, -1 for last, 0 where none was said.
        outer: How many of the adjectives stand before the "of" of a partitive.
        other: "other", "remaining", "rest".
        members: For "the smaller of the red and the blue block", the phrases after "of".
    """

    text: str
    head: str = ""
    noun: str = ""
    plural: bool = False
    determiner: str = ""
    quantifier: str = ""
    count: int = 0
    partitive: bool = False
    outer: int = 0
    definite_count: bool = False
    ordinal: int = 0
    from_side: str = ""
    other: bool = False
    adjectives: tuple[Adjective, ...] = ()
    relations: tuple[Relation, ...] = ()
    exceptions: tuple[NounPhrase, ...] = ()
    members: tuple[NounPhrase, ...] = ()

    @property
    def many(self) -> bool:
        """True if it speaks of several things."""
        return self.plural or self.count > 1 or self.quantifier in ("all", "both") or self.head == "EVERY"


Chunk: TypeAlias = NounPhrase | Relation | Word


@dataclass(frozen=True)
class Clause:
    """One clause: its marks (then, before, instead ...), its verb, and what stands before and after the verb.

    Attributes:
        kind: command, unable, goes or gapped (without a verb of its own).
    """

    kind: str
    marks: tuple[str, ...]
    verb: Word | None
    front: tuple[Chunk, ...]
    items: tuple[Chunk, ...]
    start: int = 0
    end: int = 0
    trailing: tuple[str, ...] = field(default=())

    def text_of(self, text: str) -> str:
        """The words as they were written."""
        return " ".join(text[self.start : self.end].split())


class _WordLexer(Lexer):
    """Hands tagged words to lark as they are."""

    def __init__(self, conf: Any):
        del conf

    def lex(self, lexer_state: Any, parser_state: Any = None) -> Iterator[Token]:
        del parser_state
        for i, word in enumerate(lexer_state):
            yield Token(word.tag, word.text, start_pos=i, end_pos=i + 1)


@functools.cache
def _parser() -> Lark:
    grammar = resources.files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=_WordLexer)


def parse(words: list[Word], text: str) -> list[Clause]:
    """The clauses of an instruction.

    Raises:
        Refused: The words do not form an instruction.
    """
    if not any(word.tag not in ("SEP", "MARK", "TRAIL", "ALSO", "SPEED") for word in words):
        raise Refused(
            "not_understood", "There is no instruction in these words.", "Say for example 'put the red block in the bowl'."
        )
    try:
        tree = _parser().parse(cast(str, words))
    except UnexpectedInput as error:
        raise _unexpected(error, words) from None
    try:
        return cast(list[Clause], _Builder(words, text).transform(tree))
    except VisitError as error:
        if isinstance(error.orig_exc, Refused):
            raise error.orig_exc from None
        raise


def _unexpected(error: UnexpectedInput, words: list[Word]) -> Refused:
    token = getattr(error, "token", None)
    at = getattr(token, "start_pos", None)
    if at is None or token is None or token.type == "$END":
        return Refused(
            "not_understood", f"The instruction breaks off after {words[-1].text!r}.", "Say what to do with which object."
        )
    before = f" after {words[at - 1].text!r}" if at else ""
    return Refused(
        "not_understood", f"I do not understand {words[at].text!r}{before}.", "Say it in plain steps: verb, object, place."
    )


class _Builder(Transformer[Token, Any]):
    """Builds the syntax of one instruction from lark's tree."""

    def __init__(self, words: list[Word], text: str):
        super().__init__()
        self.words, self.source = words, text

    def _word(self, token: Token) -> Word:
        return self.words[cast(int, token.start_pos)]

    def _span(self, start: int, end: int) -> str:
        return " ".join(self.source[start:end].split())

    def start(self, children: list[Any]) -> list[Clause]:
        return [child for child in children if isinstance(child, Clause)]

    def mark(self, children: list[Token]) -> Tree[Word]:
        return Tree("mark", [self._word(children[0])])

    def before(self, children: list[Token]) -> Word:
        return self._word(children[0])

    head = before
    extra = before

    def noun_phrase(self, children: list[Any]) -> tuple[NounPhrase, int, int]:
        words = [
            self._word(child) if isinstance(child, Token) else child for child in children if isinstance(child, Word | Token)
        ]
        relatives = [child for child in children if isinstance(child, tuple)]
        end = max([word.end for word in words] + [relative[2] for relative in relatives])
        start = words[0].start
        phrase = noun_phrase_of(words, self._span(start, end))
        relations = tuple(item for relative in relatives for item in relative[0] if isinstance(item, Relation))
        adjectives = tuple(item for relative in relatives for item in relative[0] if isinstance(item, Adjective))
        return replace(phrase, relations=relations, adjectives=phrase.adjectives + adjectives), start, end

    def preposition(self, children: list[Any]) -> tuple[Relation, int, int]:
        objects = tuple(child[0] for child in children if isinstance(child, tuple))
        words = [self._word(child) for child in children if isinstance(child, Token)]
        distance = sum(word.number for word in words if word.tag == "DIST")
        start, end = words[0].start, max([words[-1].end] + [child[2] for child in children if isinstance(child, tuple)])
        value = "away_from" if distance and words[-1].value == "from" else words[-1].value
        return Relation(value, objects, self._span(start, end), distance=distance), start, end

    def relative(self, children: list[Any]) -> tuple[list[Relation | Adjective], int, int]:
        opener = self._word(children[0])
        negated = opener.value == "not"
        found: list[Relation | Adjective] = []
        end = opener.end
        for child in children[1:]:
            if isinstance(child, tuple):
                piece, end = child[0], child[2]
                if isinstance(piece, Relation):
                    found.append(replace(piece, negated=negated, relative=True))
                elif piece.head:
                    found.append(
                        Relation(
                            "is", (piece,), f"that is {'not ' if negated else ''}{piece.text}", negated=negated, relative=True
                        )
                    )
                else:
                    found += [replace(adjective, negated=negated) for adjective in piece.adjectives]
                continue
            word = self._word(child)
            end = word.end
            found.append(Relation("side", (), word.text, side=word.value, negated=negated, relative=True))
        return found, opener.start, end

    def _clause(self, kind: str, children: list[Any], verb_tags: tuple[str, ...]) -> Clause:
        words = [cast(Word, child.children[0]) for child in children if isinstance(child, Tree)]
        marks = tuple(word.value if word.tag == "MARK" else "not" for word in words)
        rest = [child for child in children if not isinstance(child, Tree)]
        verb_at = next((i for i, child in enumerate(rest) if isinstance(child, Token) and child.type in verb_tags), -1)
        chunks = [child[0] if isinstance(child, tuple) else self._word(child) for child in rest]
        spans = [
            (child[1], child[2]) if isinstance(child, tuple) else (self._word(child).start, self._word(child).end)
            for child in rest
        ]
        trailing = tuple(chunk.value for chunk in chunks if isinstance(chunk, Word) and chunk.tag == "TRAIL")
        front, items = chunks[: max(verb_at, 0)], chunks[verb_at + 1 :]
        verb = chunks[verb_at] if verb_at >= 0 else None
        return Clause(
            kind,
            marks,
            cast("Word | None", verb),
            _without_trail(front),
            _without_trail(items),
            spans[0][0],
            spans[-1][1],
            trailing,
        )

    def command(self, children: list[Any]) -> Clause:
        return self._clause("command", children, ("VERB",))

    def unable(self, children: list[Any]) -> Clause:
        return self._clause("unable", children, ("UNABLE",))

    def goes(self, children: list[Any]) -> Clause:
        return self._clause("goes", children, ("GOES",))

    def gapped(self, children: list[Any]) -> Clause:
        return self._clause("gapped", children, ())


def _without_trail(chunks: list[Chunk]) -> tuple[Chunk, ...]:
    return tuple(chunk for chunk in chunks if not (isinstance(chunk, Word) and chunk.tag == "TRAIL"))


def _adjective(word: Word) -> Adjective:
    return Adjective(word.lexeme.kind, word.value, word.lexeme.degree, word.text)


def noun_phrase_of(words: list[Word], text: str) -> NounPhrase:
    """A noun phrase from its words.

    Raises:
        Refused: Two articles, two numbers, or "some".
    """
    fields: dict[str, Any] = {}
    adjectives: list[Adjective] = []
    for i, word in enumerate(words):
        match word.tag:
            case "DET":
                if fields.get("determiner") and not fields.get("partitive"):
                    message = f"I do not understand {text!r}: two articles in one phrase."
                    raise Refused("not_understood", message, "Name one thing after another.")
                fields["determiner"] = word.value
            case "QUANT":
                if word.value == "some":
                    raise Refused(
                        "ambiguous", f"{word.text!r} in {text!r} does not say how many.", "Say 'two', 'three' or 'all'."
                    )
                fields["quantifier"] = word.value
            case "NUM":
                if fields.get("count") or not word.number.is_integer() or not 1 <= word.number <= 256:
                    message = f"I do not understand the number {word.text!r} in {text!r}."
                    raise Refused("not_understood", message, "Say how many as a whole number.")
                fields["count"] = int(word.number)
                fields["definite_count"] = bool(fields.get("determiner")) or fields.get("quantifier") in ("all", "both")
            case "ORD":
                fields["ordinal"] = int(word.value)
            case "ADJ":
                adjectives.append(_adjective(word))
            case "OTHER":
                fields["other"] = True
                fields["plural"] = word.lexeme.plural
            case "POF":
                fields["partitive"] = True
                fields["outer"] = len(adjectives)
                if i == len(words) - 1:
                    raise Refused(
                        "not_understood", f"I do not understand {text!r}: it breaks off after 'of'.", "Say of which things."
                    )
            case _:
                fields |= {"head": word.tag, "noun": word.value, "plural": word.lexeme.plural or fields.get("plural", False)}
    return NounPhrase(text, adjectives=tuple(adjectives), **fields)


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
