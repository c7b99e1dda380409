"""Reads one clause, chunk by chunk, into frames: who is acted on, where it goes, how far, how fast."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lmp.planners.scripted.lexicon import listing, side_of
from lmp.planners.scripted.parsing import Chunk, Clause, NounPhrase, Relation, heads_shared
from lmp.planners.scripted.tokens import Word
from lmp.schema.plan import Refused


@dataclass
class Frame:
    """One action with its parts, still in words.

    Attributes:
        action: pick, put, move, push, stack, build, swap, row, clear, tidy, remove, release, leave, home.
        verb: The verb as it was meant, such as "drop".
        themes: What is acted on.
        relations: Prepositional phrases in order; which is the goal is not yet decided.
        steps: Distances [m] with directions; 0 where no distance, "" where no direction was said.
        ends: "with the red one on top".
        companions: "with the blue block".
        taken: "the red one first", "the blue one last".
    """

    action: str
    verb: str
    text: str
    gapped: bool = False
    themes: list[NounPhrase] = field(default_factory=list)
    joints: list[str] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    steps: list[tuple[float, str]] = field(default_factory=list)
    particles: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    ends: list[tuple[NounPhrase, str]] = field(default_factory=list)
    companions: list[NounPhrase] = field(default_factory=list)
    taken: list[tuple[NounPhrase, str]] = field(default_factory=list)
    mutual: str = ""
    speed: str = ""
    negated: str = ""

    @property
    def says_where(self) -> bool:
        """True if a place or a direction is said."""
        return bool(self.relations or self.steps or self.mutual or self.particles)

    def takes(self, *parts: str) -> None:
        """Refuses what a kind of clause has no use for, so that no words are passed over.

        Raises:
            Refused: The clause has a part that is not among those.
        """
        said = [words for part, words in _PARTS.items() if part not in parts and getattr(self, part)]
        if said:
            message = f"I do not know what to do with {listing(said)} in {self.text!r}."
            raise Refused("not_understood", message, "Leave it out, or say it in a sentence of its own.")


_PARTS = {
    "relations": "the place", "steps": "the distance or direction", "orders": "the order", "taken": "what is first or last",
    "ends": "'with ... on top'", "companions": "'with ...'", "mutual": "'each other'",
}  # fmt: skip


HANDING_OVER = "Say 'pick up ...', or where to put it, such as 'move it towards the robot'."
_MAKING = ("build", "make", "form", "create", "construct", "assemble", "erect")
_WIDE = frozenset({"between", "on", "at", "side", "towards", "away_from", "middle_of"})
"""Relations that leave open where exactly."""


def _no(text: str, words: str, hint: str) -> Refused:
    return Refused("not_understood", f'I do not understand "{words}" in {text!r}.', hint)


class ClauseReader:
    """Reads one clause, chunk by chunk."""

    def __init__(self, clause: Clause, text: str, last: Frame | None):
        self.clause, self.text, self.last = clause, text, last
        self.done: list[Frame] = []
        self.frame = self._opening()
        self.pending = ""
        self.joint = ""
        self.excepting: list[NounPhrase] = []

    def _opening(self) -> Frame:
        if self.clause.kind == "command" and self.clause.verb is not None:
            return Frame(self.clause.verb.value, self.clause.verb.lexeme.kind, self.text)
        if self.clause.kind == "goes":
            return Frame("put", "goes", self.text)
        if self.last is None and _says_where(self.clause):
            return Frame("put", "put", self.text)
        if self.last is None:
            message = f"{self.text!r} has no verb that says what to do."
            raise Refused("not_understood", message, "Begin with a verb: pick up, put, move, push, stack.")
        return Frame(self.last.action, self.last.verb, self.text, gapped=True)

    def frames(self) -> list[Frame]:
        """The frames of the clause, in order.

        Raises:
            Refused: Some words are left over, or could mean several things.
        """
        front, items = list(self.clause.front), list(self.clause.items)
        fronted = [chunk for chunk in front if isinstance(chunk, Relation)]
        named = [chunk for chunk in front if isinstance(chunk, NounPhrase)]
        if self.clause.kind == "goes":
            items, fronted = front + items, []
        elif named:
            at = next((i for i, c in enumerate(items) if isinstance(c, NounPhrase) and c.head == "PRON"), None)
            if len(named) > 1 or at is None:
                message = f'I do not understand "{named[0].text}" before the verb in {self.text!r}.'
                raise Refused("not_understood", message, "Put the verb first.")
            items[at] = named[0]
        else:
            before = [chunk for chunk in front if isinstance(chunk, Word)]
            odd = next((word for word in before if word.tag in ("EXCEPT", "INSTEADOF", "WITH", "TAKEN")), None)
            if odd is not None:
                raise _no(self.text, odd.text, "Put the verb first.")
            items = before + items
        for i, chunk in enumerate(items):
            self._take(chunk, items[i + 1 :])
        self._close_exceptions()
        if self.pending:
            raise _no(self.text, self.pending, "Say it in plain steps: verb, object, place.")
        self._take_in_order()
        self.frame.relations += fronted
        self.done.append(self.frame)
        for i, frame in enumerate(self.done):
            frame.themes = heads_shared(frame.themes, frame.joints)
            self._inherit(frame, self.done[i - 1] if i else (self.last if self.clause.kind == "gapped" else None), i)
        return self.done

    def _take_in_order(self) -> None:
        """For "line up the blocks, the red one first": the last phrase says what is first."""
        frame, ends = self.frame, {"first", "last"} & {*self.clause.trailing}
        if ends and len(frame.themes) > 1 and frame.joints[-1] == "comma" and not frame.taken:
            frame.taken.append((frame.themes.pop(), ends.pop()))
            frame.joints.pop()

    def _inherit(self, frame: Frame, source: Frame | None, position: int) -> None:
        if source is None or (position == 0 and self.clause.kind != "gapped"):
            return
        if not frame.themes:
            frame.themes = [NounPhrase(source.text, head="PRON", noun="it")]
        if not frame.says_where:
            frame.relations, frame.steps, frame.particles = list(source.relations), list(source.steps), list(source.particles)

    def _take(self, chunk: Chunk, rest: list[Chunk]) -> None:
        joint, self.joint = self.joint, ""
        placed = bool(self.frame.relations or self.frame.steps)
        other = isinstance(chunk, Relation if self.frame.steps else Word) and self.pending != "insteadof"
        if joint == "and" and placed and other and (isinstance(chunk, Relation) or chunk_tag(chunk) in ("DIR", "DIST", "SIDE")):
            raise Refused("impossible", f"{self.text!r} names two places for one thing.", "Say one place.")
        if isinstance(chunk, NounPhrase):
            self._noun_phrase(chunk, joint, rest)
        elif isinstance(chunk, Relation):
            self._relation(chunk, joint)
        else:
            self._word(chunk)

    def _relation(self, relation: Relation, joint: str) -> None:
        relations = self.frame.relations
        if self.pending == "insteadof":
            self.pending = ""
            if _narrows(relation, relations):
                raise self._cannot_avoid(relation.text)
            return
        if self.pending:
            raise _no(self.text, f"{self.pending} {relation.text}", "Name the object.")
        self._close_exceptions()
        on_top = not relation.objects and relation.text == "on top" and self.last is not None
        if on_top and self.frame.action in ("put", "stack", "move"):
            relation = replace(relation, objects=(NounPhrase("on top", head="PRON", noun="it"),))
        if not relation.objects:
            if relation.value in ("in", "on", "above", "at", "from") or side_of(relation.value) == "any":
                self.frame.particles.append(relation.text)
                return
            raise Refused("not_understood", f'"{relation.text}" in {self.text!r} does not say of what.', "Name the object.")
        if joint == "and" and relations:
            message = f'"{relations[-1].text}" and "{relation.text}" are two places for one thing.'
            raise Refused("impossible", message, "Say one place.")
        if relation.value == "of" and relations and relations[-1].objects:
            last = relations[-1].objects[-1]
            inner = replace(last, relations=(*last.relations, relation), text=f"{last.text} {relation.text}")
            relations[-1] = _with_last(relations[-1], inner, relation.text)
            return
        relations.append(relation)

    def _noun_phrase(self, phrase: NounPhrase, joint: str, rest: list[Chunk]) -> None:
        frame = self.frame
        made = frame.action == "fill" or frame.verb in ("load", "pack")
        made |= bool(frame.themes) and frame.themes[0].head == "STRUCTURE"
        made &= bool(frame.companions) and not frame.ends
        if self.pending == "insteadof":
            self.pending = ""
            if phrase.head == "NOUN" and not (phrase.determiner or phrase.plural or phrase.adjectives or phrase.quantifier):
                raise _no(self.text, f"not {phrase.text}", "Say which one, or all but which.")
        elif self.pending == "except" or (self.excepting and joint and not (frame.relations and _goal_follows(rest))):
            self.excepting.append(phrase)
            self.pending = ""
        elif self.pending in ("first", "last"):
            frame.taken.append((phrase, self.pending))
            self.pending = ""
        elif self.pending == "with" or (joint and ((frame.ends and _end_follows(rest)) or made)):
            frame.companions.append(phrase)
            self.pending = ""
        elif not frame.themes:
            frame.themes.append(phrase)
        elif phrase.head == "PRON" and phrase.noun == "there" and not joint:
            frame.relations.append(Relation("at", (phrase,), phrase.text))
        elif not joint and frame.verb in _MAKING and frame.themes[-1].noun == "person":
            frame.themes[-1] = phrase  # "Build me a tower" is for the speaker's delight, not about the speaker.
        elif not joint and "person" in (frame.themes[-1].noun, phrase.noun):
            raise Refused("impossible", f"{self.text!r}: I cannot hand things over.", HANDING_OVER)
        elif not joint:
            message = f'I do not understand "{phrase.text}" after "{frame.themes[-1].text}" in {self.text!r}.'
            raise Refused("not_understood", message, "Join things with 'and'.")
        elif not frame.relations and not frame.steps:
            frame.themes.append(phrase)
            frame.joints.append(joint)
        else:
            self._close_exceptions()
            self._after_goal(phrase, rest)

    def _after_goal(self, phrase: NounPhrase, rest: list[Chunk]) -> None:
        """A phrase joined after a place: a second reference, the next thing with the verb left out, or what goes first."""
        last = self.frame.relations[-1] if self.frame.relations else None
        pair = last is not None and last.value in ("between", "middle_of")
        made_of = last is not None and (last.value == "of" or (last.value == "from" and self.frame.action == "build"))
        ends = [mark for mark in self.clause.trailing if mark in ("first", "last")]
        if last is not None and (made_of or (pair and len(last.objects) == 1 and not last.objects[0].many)):
            objects = tuple(heads_shared([*last.objects, phrase], ["and"] * len(last.objects)))
            self.frame.relations[-1] = replace(last, objects=objects, text=f"{last.text} and {phrase.text}")
        elif _goal_follows(rest) or any(chunk_tag(chunk) == "ALSO" for chunk in rest):
            self.done.append(self.frame)
            self.frame = Frame(self.frame.action, self.frame.verb, self.text, themes=[phrase], speed=self.frame.speed)
        elif not rest and (ends or (abs(phrase.ordinal) == 1 and not phrase.from_side)):
            end = ends[0] if ends else "first" if phrase.ordinal == 1 else "last"
            self.frame.taken.append((replace(phrase, ordinal=0), end))
        else:
            message = f'I do not understand what is to become of "{phrase.text}" in {self.text!r}.'
            raise Refused(
                "not_understood", message, "Say a place for each thing, or name the things together before the place."
            )

    def _close_exceptions(self) -> None:
        if not self.excepting:
            return
        excluded = heads_shared(self.excepting, ["and"] * (len(self.excepting) - 1))
        self.excepting = []
        for i, theme in enumerate(self.frame.themes):
            if theme.many or theme.head in ("THING", "EVERY") or theme.quantifier:
                if not theme.head and excluded[0].head == "NOUN":
                    theme = replace(theme, head="NOUN", noun=excluded[0].noun, plural=True)
                text = f"{theme.text} except {' and '.join(item.text for item in excluded)}"
                self.frame.themes[i] = replace(theme, exceptions=(*theme.exceptions, *excluded), text=text)
                return
        message = f'I do not understand the exception "{excluded[0].text}": there is no "all" before it.'
        raise Refused("not_understood", message, "Say 'all the blocks except ...'.")

    def _cannot_avoid(self, words: str) -> Refused:
        message = f'"not {words}" in {self.text!r}: I cannot promise what to avoid.'
        return Refused("not_understood", message, "Say on which side it is to be.")

    def _word(self, word: Word) -> None:
        frame = self.frame
        if self.pending == "insteadof" and word.tag in ("SIDE", "DIR", "DIST", "FROMSIDE", "MUTUAL", "END"):
            raise self._cannot_avoid(word.text)
        if self.pending not in ("", "insteadof") and word.tag not in ("CONJ", "SPEED", "ALSO", "ONLY"):
            raise _no(self.text, f"{self.pending} {word.text}", "Say it in plain steps: verb, object, place.")
        match word.tag:
            case "CONJ":
                self.joint = word.value
            case "EXCEPT" | "INSTEADOF" | "WITH":
                self.pending = word.tag.lower()
            case "TAKEN":
                self._close_exceptions()
                self.pending = word.value
            case "PARTICLE":
                frame.particles.append(word.value)
            case "DIR" if word.text == "away" and frame.action in ("put", "tidy", "clear", "pick", "remove"):
                frame.particles.append("away")
            case "DIST" | "DIR":
                self._close_exceptions()
                self._step(word)
            case "SIDE" | "END":
                self._side(word)
            case "SPEED":
                if frame.speed not in ("", word.value):
                    raise _no(self.text, f"{word.text}", "Say one speed.")
                frame.speed = word.value
            case "ORDER":
                frame.orders.append(word.value)
            case "MUTUAL":
                frame.mutual = word.value
            case "FROMSIDE":
                self._from_side(word)
            case "ALSO" | "ONLY":
                pass
            case _:
                raise Refused("not_understood", f"{word.text!r} leaves the choice open in {self.text!r}.", "Name one thing.")

    def _step(self, word: Word) -> None:
        steps = self.frame.steps
        distance, direction = (word.number, "") if word.tag == "DIST" else (0.0, word.value)
        if steps and not (steps[-1][0] and distance) and not (steps[-1][1] and direction):
            steps[-1] = (steps[-1][0] or distance, steps[-1][1] or direction)
        else:
            steps.append((distance, direction))

    def _side(self, word: Word) -> None:
        if self.frame.companions and len(self.frame.ends) < len(self.frame.companions):
            self.frame.ends.append((self.frame.companions[-1], word.value))
            return
        self._close_exceptions()
        self.frame.relations.append(Relation("side", (), word.text, side=word.value))

    def _from_side(self, word: Word) -> None:
        frame = self.frame
        if frame.relations and frame.relations[-1].objects:
            last = frame.relations[-1].objects[-1]
            phrase = replace(last, from_side=word.value, text=f"{last.text} {word.text}")
            frame.relations[-1] = _with_last(frame.relations[-1], phrase, word.text)
        elif frame.themes:
            frame.themes[-1] = replace(frame.themes[-1], from_side=word.value, text=f"{frame.themes[-1].text} {word.text}")
        else:
            raise _no(self.text, word.text, "Say 'the second block from the left'.")


def _with_last(relation: Relation, phrase: NounPhrase, added: str) -> Relation:
    """The relation with another last reference, and its text longer by the words that make it so."""
    return replace(relation, objects=(*relation.objects[:-1], phrase), text=f"{relation.text} {added}")


def _narrows(avoided: Relation, relations: list[Relation]) -> bool:
    """True if "but not there" leaves out a part of the place that was said, instead of naming another place."""
    if not relations or (relations[-1].value not in _WIDE and side_of(relations[-1].value) != "any"):
        return False
    same = {phrase.noun for phrase in relations[-1].objects}
    return not avoided.objects or any(phrase.head == "PRON" or phrase.noun in same for phrase in avoided.objects)


def _says_where(clause: Clause) -> bool:
    """True if a clause without a verb names an object and then a place, as in "red block in the bowl"."""
    first, rest = clause.items[0] if clause.items else None, clause.items[1:]
    places = any(isinstance(chunk, Relation) or chunk_tag(chunk) in ("DIR", "SIDE") for chunk in rest)
    return isinstance(first, NounPhrase) and first.head not in ("PRON", "REGION") and places


def chunk_tag(chunk: Chunk) -> str:
    """The tag of a word; "" for what is no single word."""
    return chunk.tag if isinstance(chunk, Word) else ""


def _goal_follows(rest: list[Chunk]) -> bool:
    """True if a place or direction comes before the clause ends, with nothing but noun phrases and joints in between."""
    for chunk in rest:
        if isinstance(chunk, Relation) or (isinstance(chunk, Word) and chunk.tag in ("SIDE", "END", "DIR", "DIST")):
            return True
        if not isinstance(chunk, NounPhrase) and chunk.tag != "CONJ":
            return False
    return False


def _end_follows(rest: list[Chunk]) -> bool:
    return bool(rest) and isinstance(rest[0], Word) and rest[0].tag in ("END", "SIDE")
