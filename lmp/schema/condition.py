"""Success conditions and targets: open kinds, each one registered class, told apart by `kind`.

A condition says what has to be true of a scene, and everything that the rest needs to know of it: how it is tested, how its
failure is classed, where things go to make it true, how it is said. The package's own are in `lmp/meaning/conditions`.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, JsonValue, SerializeAsAny, TypeAdapter
from pydantic.json_schema import JsonSchemaValue

from lmp.errors import SetupFault
from lmp.schema.base import Model
from lmp.schema.outcome import Outcome
from lmp.schema.recorded import Recorded
from lmp.schema.registry import Registry
from lmp.schema.roles import roles_of
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.skill import SkillParameters


@dataclass(frozen=True)
class Measured:
    """A condition, measured in a scene.

    Attributes:
        holds: Whether it holds.
        words: What was found, in words with units.
        margin: By how much it holds, negative where it fails, in `unit`; None where it is a matter of yes or no.
        unit: Unit of the margin.
    """

    holds: bool
    words: str
    margin: float | None = None
    unit: str = "m"

    @classmethod
    def by(cls, words: str, *slacks: float, unit: str = "m") -> Measured:
        """A condition that holds if no slack is negative; the least is its margin."""
        margin = min(float(slack) for slack in slacks)
        return cls(margin >= 0.0, words, margin, unit)

    @classmethod
    def no(cls, words: str) -> Measured:
        """A condition that fails for a reason which is no matter of how much."""
        return cls(False, words)


class Condition(Model):
    """The base of all conditions. A class of its own says at least what it measures.

    Attributes:
        kind: Its name, by which data and answers of models tell it.
    """

    kind: str

    said: ClassVar[str | None] = None
    """How people say it, with its fields in braces: "{object} on {support}"; None tells the fields one by one."""
    phrases: ClassVar[tuple[str, ...]] = ()
    """What stands between the object and what it is related to in a sentence: "on", "on top of"."""
    wants_upright: ClassVar[bool] = True
    """Whether an object that has come to lie on its side is a failure of its own."""
    example: ClassVar[dict[str, JsonValue]] = {}
    """The fields of one valid example, without the kind."""

    @property
    def names(self) -> tuple[str, ...]:
        """The objects that it is about, the one that it is said of first."""
        return tuple(dict.fromkeys(str(getattr(self, field)) for field in roles_of(type(self))))

    @property
    def subject(self) -> str:
        """The object that it is said of."""
        return self.names[0]

    def named_as(self, *roles: str) -> tuple[str, ...]:
        """The objects in these parts, such as what carries or holds it."""
        return tuple(str(getattr(self, field)) for field, role in roles_of(type(self)).items() if role in roles)

    @property
    def words(self) -> str:
        """The condition as a short phrase, such as "red_block in bowl"."""
        fields = self.model_dump(mode="json")
        if self.said is not None:
            return self.said.format(**fields)
        kind, subject = fields.pop("kind").replace("_", " "), self.names[:1]
        return _listed(subject, kind, {name: value for name, value in fields.items() if value not in subject})

    def measure(self, scene: Scene) -> Measured:
        """Tests it.

        Raises:
            UnknownName: It names an object that the scene does not have.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say how it is measured")

    def blame(self, before: Scene, after: Scene) -> Outcome | None:
        """The failure class of a failure that only this kind of condition can tell; None leaves it to the general ones."""
        return None

    def place(self, scene: Scene) -> tuple[float, float, float] | None:
        """Where the middle of its object is to be, if it is one place: world x, y, and how far off it may be [m]."""
        return None

    def carriers(self) -> tuple[str, ...]:
        """The objects on or in which it wants something, or nothing."""
        return self.named_as("support", "container")

    def target(self) -> Target | None:
        """Where its object is to be put to make it true; None where that is not done by putting it somewhere."""
        return None

    def following(self, primitive: SkillParameters) -> Condition:
        """The condition that is meant once somebody has changed the numbers of the primitive that makes it true."""
        return self

    def seen_in(self, scene: Scene) -> Condition:
        """The same condition said of another object: what it remembers of its object is taken from this scene."""
        return self

    @classmethod
    def answer_class(cls, others: Any) -> type[Model] | None:
        """What a model writes in its place; the class itself where that is the same, None where models are not asked for it.

        Args:
            others: The type of all other conditions, for one that holds another.
        """
        return cls

    @classmethod
    def from_answer(cls, answer: Any, first: Scene) -> Condition:
        """The condition that a model's answer means.

        Args:
            answer: Of the answer class.
            first: The scene at the time when the instruction was understood.
        """
        return answer if isinstance(answer, Condition) else cls.model_validate(answer.model_dump())


class RecordedCondition(Recorded, Condition):
    """A condition of a kind that is not installed here: it can be shown, not tested."""

    @property
    def names(self) -> tuple[str, ...]:
        """What stands under `object`, so that a report can tell what it was about."""
        name = self.own.get("object")
        return (name,) if isinstance(name, str) else ()

    @property
    def words(self) -> str:
        """All that the record has of it."""
        rest = {name: value for name, value in self.own.items() if name != "object"}
        return _listed(self.names, self.kind.replace("_", " "), rest)

    def measure(self, scene: Scene) -> Measured:
        """Refuses: nobody here knows what it means."""
        raise SetupFault(
            f"The condition {self.kind!r} is not installed here, so it cannot be tested: install the package that has it. "
            f"Known: {', '.join(CONDITIONS.all())}."
        )


def _listed(subject: tuple[str, ...], kind: str, fields: Mapping[str, Any]) -> str:
    rest = [value if isinstance(value, str) else f"{name} {value}" for name, value in fields.items()]
    return " ".join([*subject, kind, ", ".join(rest)]).strip()


class Target(Model):
    """The base of all targets: where something is to be put. A class of its own says where to look for places.

    Attributes:
        kind: Its name, by which data and answers of models tell it.
    """

    kind: str

    said: ClassVar[str] = ""
    """How people say it, with its fields in braces: "on {support}"."""

    @property
    def names(self) -> tuple[str, ...]:
        """The objects that it names."""
        named = (getattr(self, field) for field in roles_of(type(self)))
        return tuple(str(name) for name in named if name is not None)

    @property
    def words(self) -> str:
        """The target as a short phrase."""
        return self.said.format(**self.model_dump(mode="json")) if self.said else self.kind.replace("_", " ")

    def condition(self, name: str) -> Condition | None:
        """What has to be true of the object of that name when it stands there; None where the place itself says it."""
        return None

    def spots(self, thing: SceneObject, places: Any) -> Any:
        """Where to look for places, best first.

        Args:
            thing: What is put there.
            places: The ways to look that there are, of class `lmp.primitives.places.looking.Places`.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say where to look")


class RecordedTarget(Recorded, Target):
    """A target of a kind that is not installed here: it can be shown, nothing can be put there."""


def _kind_of(part: type[Model]) -> str:
    return str(part.model_fields["kind"].default)


_OWN = ("lmp.meaning.conditions",)
CONDITIONS: Registry[type[Condition]] = Registry("condition", _OWN, _kind_of)
"""Every kind of condition; those of other packages by the entry points `lmp.conditions`, or `@CONDITIONS.register`."""
TARGETS: Registry[type[Target]] = Registry("target", _OWN, _kind_of)
"""Every kind of target; those of other packages by the entry points `lmp.targets`, or `@TARGETS.register`."""


class _Kinds:
    """Reads data by their `kind`, and writes a JSON Schema with all kinds that there are when it is asked for.

    Args:
        registry: The kinds.
        recorded: What data of a kind that is not there become; None refuses them.
    """

    def __init__(self, registry: Registry[Any], recorded: type[Model] | None):
        self.registry, self.recorded = registry, recorded

    def __call__(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        kind = value.get("kind")
        found = self.registry.get(kind) if isinstance(kind, str) else None
        if found is not None:
            return found.model_validate(value)
        return self._all().validate_python(value) if self.recorded is None else self.recorded.model_validate(value)

    def _all(self) -> TypeAdapter[Any]:
        return TypeAdapter(one_of(self.registry.all().values()))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(self._all().core_schema)


def one_of(kinds: Any) -> Any:
    """The type of all these kinds, told apart by `kind`."""
    classes = tuple(kinds)
    return classes[0] if len(classes) == 1 else Annotated[reduce(operator.or_, classes), Field(discriminator="kind")]


_any_condition, _any_target = _Kinds(CONDITIONS, RecordedCondition), _Kinds(TARGETS, RecordedTarget)
_known_condition, _known_target = _Kinds(CONDITIONS, None), _Kinds(TARGETS, None)
AnyCondition = Annotated[SerializeAsAny[Condition], BeforeValidator(_any_condition), _any_condition]
"""A condition of any kind; read from data of a kind that is not installed, a `RecordedCondition`."""
KnownCondition = Annotated[SerializeAsAny[Condition], BeforeValidator(_known_condition), _known_condition]
"""A condition of a kind that is installed here: what a person or a program writes."""
KnownTarget = Annotated[SerializeAsAny[Target], BeforeValidator(_known_target), _known_target]
"""A target of a kind that is installed here."""
