"""Success conditions and targets: open kinds, each one registered class, told apart by `kind`.

A condition says what has to be true of a scene, and everything that the rest needs to know of it: how it is tested, how its
failure is classed, where objects go to make it true, how it is said. The package's own are in `lmp/meaning/conditions`.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, reduce
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, JsonValue, SerializeAsAny, TypeAdapter, create_model
from pydantic.json_schema import JsonSchemaValue

from lmp.errors import SetupFault
from lmp.schema.base import Model
from lmp.schema.outcome import Outcome
from lmp.schema.places import Places, Spots
from lmp.schema.recorded import Recorded
from lmp.schema.registry import Registry
from lmp.schema.roles import roles_of
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.skill import SkillParameters
from lmp.schema.verdict import Violation


@dataclass(frozen=True)
class Measured:
    """A condition, measured in a scene.

    Attributes:
        holds: Whether it holds.
        words: What was found, in words with units.
        margin: By how much it holds, negative where it fails, in `unit`; None where it is a matter of yes or no.
        unit: Unit of the margin.
        known: False where nobody can tell; then neither the condition nor its opposite holds.
        against: By how much its opposite holds, negative where that fails; None where it is what the margin falls short by.
    """

    holds: bool
    words: str
    margin: float | None = None
    unit: str = "m"
    known: bool = True
    against: float | None = None

    @classmethod
    def by(cls, words: str, *slacks: float, unit: str = "m", doubts: float | tuple[float, ...] = 0.0) -> Measured:
        """A condition that holds if no slack is negative; the least is its margin.

        Args:
            words: What was found.
            slacks: By how much each part of it holds.
            unit: Unit of the slacks.
            doubts: By how much each part, or any, has to fail before the opposite holds: nearer than that people would differ.
        """
        each = (doubts,) * len(slacks) if isinstance(doubts, float) else doubts
        margin = min(float(slack) for slack in slacks)
        against = max(-float(slack) - doubt for slack, doubt in zip(slacks, each, strict=True))
        return cls(margin >= 0.0, words, margin, unit, against=against)

    @classmethod
    def undecided(cls, words: str) -> Measured:
        """A condition that cannot be told here."""
        return cls(False, words, known=False)

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
    """The words that people say, with its fields in braces: "{object} on {support}"; None tells the fields one by one."""
    phrases: ClassVar[tuple[str, ...]] = ()
    """The words between the object and what it is related to in a sentence: "on", "on top of"."""
    asks_rest: ClassVar[bool] = False
    """True if it can hold only for an object that is at rest and let go."""
    in_hand: ClassVar[bool] = False
    """True if the gripper has its object while it holds."""
    wants_upright: ClassVar[bool] = True
    """True if an object that has come to lie on its side is a failure of its own."""
    is_change: ClassVar[bool] = False
    """True if it is about a change since the instruction: that it holds before anything was done does not make it done."""
    of_arm: ClassVar[bool] = False
    """True if it is about where the arm is: any later motion ends it, and at the end of a run that asked for it it stays."""
    beside: ClassVar[str | None] = None
    """The robot's side of its reference where its object is then, "any" for whichever; None where it is about no side."""
    distance_field: ClassVar[str | None] = None
    """The field for a distance that is said before the phrase, as in "5 cm above"; None where none can be said."""
    is_place: ClassVar[bool] = False
    """True if its object can be put somewhere to make it hold; then it is a target, too, under the same kind."""
    example: ClassVar[dict[str, JsonValue]] = {}
    """The fields of one valid example, without the kind."""

    @property
    def names(self) -> tuple[str, ...]:
        """The objects that it is about, the one that it is said of first."""
        return tuple(dict.fromkeys(self.named_as("object", "support", "container", "reference")))

    @property
    def subject(self) -> str:
        """The object that it is said of."""
        return self.names[0]

    def named_as(self, *roles: str) -> tuple[str, ...]:
        """The objects in these parts, such as what carries or holds it."""
        named = (getattr(self, field) for field, role in roles_of(type(self)).items() if role in roles)
        return tuple(str(name) for name in named if name is not None)

    @classmethod
    def about(cls, *names: str, distance: float | None = None) -> Condition:
        """The condition of these objects, the one that it is said of first, and of a distance [m]; everything else as usual.

        Raises:
            ValidationError: It needs more than that.
        """
        said = {} if distance is None or cls.distance_field is None else {cls.distance_field: distance}
        return cls.model_validate({**dict(zip(roles_of(cls), names, strict=False)), **said})

    @classmethod
    def is_said_of(cls, count: int, distance: bool = False) -> bool:
        """True if so many objects, and a distance where one is said, are all that it needs to be told."""
        needed = {field for field, info in cls.model_fields.items() if info.is_required()}
        told = {*list(roles_of(cls))[:count], *([cls.distance_field] if distance else [])}
        return needed <= told and count <= len(roles_of(cls))

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

    def holds_clearly(self, scene: Scene) -> bool:
        """True if it holds with a margin that a person would see; never looser than `measure`.

        After a motion `measure` decides. Before any, an object that is just within its bounds (far off to one side, say)
        would surprise a person who asked for it to be put there.
        """
        return self.measure(scene).holds

    def blame(self, before: Scene, after: Scene) -> Outcome | None:
        """The failure class of a failure that only this kind of condition can tell; None leaves it to the general ones."""
        return None

    def place(self, scene: Scene) -> tuple[float, float, float] | None:
        """The place for the middle of its object, if it is one place: world x, y, and how far off it may be [m]."""
        return None

    def carriers(self) -> tuple[str, ...]:
        """The objects on or in which it wants something, or nothing."""
        return self.named_as("support", "container")

    def target(self) -> Target | None:
        """The target for its object that makes it true; None where that is not done by putting it somewhere."""
        if not self.is_place:
            return None
        return relation_target(type(self)).model_validate(self.model_dump(exclude={_subject_of(type(self))}))

    def spots(self, item: SceneObject, places: Places) -> Spots:
        """Spots to search for places that make it true; wherever it would hold, unless the class knows better."""
        return places.where(self)

    def following(self, primitive: SkillParameters) -> Condition:
        """The condition that is meant after a change of the numbers of the primitive that makes it true."""
        return self

    def seen_in(self, scene: Scene) -> Condition:
        """The same condition said of another object: what it remembers of its object is taken from this scene."""
        return self

    @classmethod
    def answer_class(cls, others: Any) -> type[Model] | None:
        """The class that a model writes in its place; itself where that is the same, None where models are not asked for it.

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
        """The names under `object`, so that a report can tell what it was about."""
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

    said: ClassVar[str | None] = None
    """The words that people say, with its fields in braces: "on {support}"; None tells the fields one by one."""
    tested: ClassVar[bool] = False
    """True if a place has to pass the condition; False where the way to look leaves no choice that could break it."""

    @property
    def names(self) -> tuple[str, ...]:
        """The objects that it names, what the object is put on, in or beside first."""
        named = (getattr(self, field) for field in roles_of(type(self)))
        return tuple(str(name) for name in named if name is not None)

    @property
    def words(self) -> str:
        """The target as a short phrase."""
        fields = self.model_dump(mode="json")
        if self.said is not None:
            return self.said.format(**fields)
        return _listed((), fields.pop("kind").replace("_", " "), fields)

    def condition(self, name: str) -> Condition | None:
        """The condition that is true of the object of that name when it stands there; None where the place itself says it."""
        return None

    def meant(self, item: SceneObject, scene: Scene) -> Target | Violation:
        """The target that it means for an object in a scene: itself, unless it has to be looked up first."""
        return self

    def spots(self, item: SceneObject, places: Places) -> Spots:
        """Spots to search for places, best first, or a violation."""
        raise NotImplementedError(f"{type(self).__name__} does not say where to look")


class RelationTarget(Target):
    """A place where a condition holds; the class is made of the condition's own."""

    relation: ClassVar[type[Condition]]
    tested: ClassVar[bool] = True

    def condition(self, name: str) -> Condition | None:
        """The condition, said of the object."""
        return self.relation.model_validate({**self.model_dump(), _subject_of(self.relation): name})

    def spots(self, item: SceneObject, places: Places) -> Spots:
        """Spots that the condition says to search."""
        condition = self.condition(item.name)
        assert condition is not None
        return condition.spots(item, places)


def _subject_of(relation: type[Condition]) -> str:
    return next(field for field, role in roles_of(relation).items() if role == "object")


@cache
def relation_target(relation: type[Condition]) -> type[RelationTarget]:
    """The target that a condition which is a place makes: its fields without the object."""
    subject, said = _subject_of(relation), relation.said
    fields: dict[str, Any] = {
        name: (Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation, info)
        for name, info in relation.model_fields.items()
        if name != subject
    }
    made: type[RelationTarget] = create_model(
        f"{relation.__name__}Target",
        __base__=RelationTarget,
        __doc__=relation.__doc__,
        __module__=relation.__module__,
        **fields,
    )
    made.relation = relation
    made.said = None if said is None else said.replace(f"{{{subject}}}", "").strip()
    return made


def _kind_of(part: type[Model]) -> str:
    return str(part.model_fields["kind"].default)


_OWN = ("lmp.meaning.conditions",)
CONDITIONS: Registry[type[Condition]] = Registry("condition", _OWN, _kind_of)
"""Every kind of condition; those of other packages by the entry points `lmp.conditions`, or `@CONDITIONS.register`."""


class _Targets(Registry[type[Target]]):
    """Targets with a class of their own, and conditions that are places."""

    def get(self, name: str) -> type[Target] | None:
        """The target's own class, else the one of the condition of that name."""
        own = super().get(name)
        relation = CONDITIONS.get(name) if own is None else None
        return relation_target(relation) if relation is not None and relation.is_place else own

    def all(self) -> dict[str, type[Target]]:
        """All targets by name."""
        own = super().all()
        places = (relation for relation in CONDITIONS.all().values() if relation.is_place)
        return {
            **own,
            **{_kind_of(relation): relation_target(relation) for relation in places if _kind_of(relation) not in own},
        }


TARGETS: Registry[type[Target]] = _Targets("target", (*_OWN, "lmp.primitives.places.seen_places"), _kind_of)
"""Every kind of target: conditions that are places are; others by the entry points `lmp.targets`, or `@TARGETS.register`."""


class Kinds:
    """Reads data by their `kind`, and writes a JSON Schema with all kinds that there are when it is asked for.

    Args:
        registry: The kinds.
        recorded: What data of a kind that is not there become; None refuses them.
        plain: Whether the schema leaves out the conditions that hold another one.
    """

    def __init__(self, registry: Registry[Any], recorded: type[Model] | None, plain: bool = False):
        self.registry, self.recorded, self.plain = registry, recorded, plain

    def __call__(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        kind = value.get("kind")
        found = self.registry.get(kind) if isinstance(kind, str) else None
        if found is not None:
            return found.model_validate(value)
        return self._all().validate_python(value) if self.recorded is None else self.recorded.model_validate(value)

    def _all(self) -> TypeAdapter[Any]:
        kinds = self.registry.all().values()
        return TypeAdapter(one_of(kind for kind in kinds if not self.plain or kind.answer_class(None) is not None))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(self._all().core_schema)


def one_of(kinds: Any) -> Any:
    """The type of all these kinds, told apart by `kind`."""
    classes = tuple(kinds)
    return classes[0] if len(classes) == 1 else Annotated[reduce(operator.or_, classes), Field(discriminator="kind")]


_any_condition = Kinds(CONDITIONS, RecordedCondition)
_known_condition, _known_target = Kinds(CONDITIONS, None), Kinds(TARGETS, None)
AnyCondition = Annotated[SerializeAsAny[Condition], BeforeValidator(_any_condition), _any_condition]
"""A condition of any kind; read from data of a kind that is not installed, a `RecordedCondition`."""
KnownCondition = Annotated[SerializeAsAny[Condition], BeforeValidator(_known_condition), _known_condition]
"""A condition of a kind that is installed here: what a person or a program writes."""
KnownTarget = Annotated[SerializeAsAny[Target], BeforeValidator(_known_target), _known_target]
"""A target of a kind that is installed here."""
