"""Judge if a task was truly done, as a strict person would, from poses, shapes and contacts alone.

The judge shares no code with the verifier: a success that only the verifier sees is a false success. Each relation has a truth
of its own here, registered under the relation's name; where there is none, nothing is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, JsonValue, SerializeAsAny, TypeAdapter

from lmp.lab.truth.truth_snapshot import Snapshot
from lmp.schema.base import Model
from lmp.schema.condition import CONDITIONS, one_of
from lmp.schema.recorded import Recorded
from lmp.schema.registry import Registry


@dataclass(frozen=True)
class Finding:
    """The verdict on a predicate, and what decided it; None where nobody here can judge it."""

    holds: bool | None
    why: str


class Predicate(Model):
    """The base of all truths. A class of its own says how it is judged.

    Attributes:
        kind: Its name, which is that of the relation whose truth it is.
    """

    kind: str

    example: ClassVar[dict[str, JsonValue]] = {}
    """The fields of one valid example, without the kind."""

    broken_by: ClassVar[tuple[str, ...]] = ("move", "lift", "tip", "take_away")
    """Kinds of sabotage after which it is hardly ever still so (`lmp/lab/evaluate/sabotage.py`)."""

    @property
    def names(self) -> tuple[str, ...]:
        """The objects that it is about."""
        found = (getattr(self, role, None) for role in ("object", "reference", "first", "second"))
        return tuple(name for name in found if isinstance(name, str))

    def judge(self, before: Snapshot, after: Snapshot) -> Finding:
        """Judge if it holds.

        Args:
            before: The world at the start.
            after: The world after the run, 1 s at rest, the arm home.

        Raises:
            UnknownName: It names something that the scene has never had.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say how it is judged")


TRUTHS: Registry[type[Predicate]] = Registry(
    "truth", ("lmp.lab.truth.predicates", "lmp.lab.truth.truth"), lambda cls: str(cls.model_fields["kind"].default)
)
"""Every truth; those of other packages by the entry points `lmp.truths`, or `@TRUTHS.register`."""


class Unjudged(Recorded, Predicate):
    """A relation that is known here and has no truth."""

    def judge(self, before: Snapshot, after: Snapshot) -> Finding:
        """Nobody can say."""
        return Finding(None, f"not judged: there is no truth for {self.kind!r}")


def _read(value: Any) -> Any:
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(value, dict):
        return value
    found = TRUTHS.get(kind) if isinstance(kind, str) else None
    if found is not None:
        return found.model_validate(value)
    if isinstance(kind, str) and CONDITIONS.get(kind) is not None:
        return Unjudged.model_validate(value)
    return TypeAdapter(one_of(TRUTHS.all().values())).validate_python(value)


AnyPredicate = Annotated[SerializeAsAny[Predicate], BeforeValidator(_read)]
"""The truth of any relation; of a relation that has none, an `Unjudged`."""


def judge(predicate: Predicate, before: Snapshot, after: Snapshot) -> Finding:
    """Judge if the predicate holds after a run; see `Predicate.judge`."""
    return predicate.judge(before, after)


class Several(Predicate):
    """Predicates of which one that is as `decides` is enough; else one that cannot be judged leaves it open."""

    of: tuple[AnyPredicate, ...] = Field(min_length=1, max_length=64)

    decides: ClassVar[bool]
    example: ClassVar[dict[str, JsonValue]] = {"of": [{"kind": "held", "object": "red_block"}]}

    @property
    def names(self) -> tuple[str, ...]:
        """Those of all parts."""
        return tuple(name for part in self.of for name in part.names)

    def judge(self, before: Snapshot, after: Snapshot) -> Finding:
        """By the findings on all parts."""
        findings = [part.judge(before, after) for part in self.of]
        for answer in (self.decides, None):
            told = [finding.why for finding in findings if finding.holds is answer]
            if told:
                return Finding(answer, "; ".join(told))
        return Finding(not self.decides, "; ".join(finding.why for finding in findings))


@TRUTHS.register
class All(Several):
    """Every one of them."""

    kind: Literal["all"] = "all"

    decides: ClassVar[bool] = False


@TRUTHS.register
class AnyOf(Several):
    """At least one of them."""

    kind: Literal["any"] = "any"

    decides: ClassVar[bool] = True


@TRUTHS.register
class Opposite(Predicate):
    """The opposite."""

    kind: Literal["not"] = "not"
    of: AnyPredicate

    example: ClassVar[dict[str, JsonValue]] = {"of": {"kind": "held", "object": "red_block"}}

    @property
    def names(self) -> tuple[str, ...]:
        """Those of what is not to be."""
        return self.of.names

    def judge(self, before: Snapshot, after: Snapshot) -> Finding:
        """The opposite of what cannot be judged cannot be either."""
        found = self.of.judge(before, after)
        return Finding(None if found.holds is None else not found.holds, f"not ({found.why})")
