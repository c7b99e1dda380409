"""The opposite of any condition."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, JsonValue, SerializeAsAny, create_model, field_validator

from lmp.meaning.failures import CONDITION_NOT_MET
from lmp.meaning.relations import not_put_down
from lmp.schema.base import Model
from lmp.schema.condition import CONDITIONS, Condition, Kinds, Measured, RecordedCondition
from lmp.schema.outcome import Outcome
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters

_plain = Kinds(CONDITIONS, RecordedCondition, plain=True)
Inner = Annotated[SerializeAsAny[Condition], BeforeValidator(_plain), _plain]
"""A condition of any kind that holds no other."""


@CONDITIONS.register
class Not(Condition):
    """The condition inside clearly does not hold; one about an object at rest still asks that the object is at rest."""

    kind: Literal["not"] = "not"
    of: Inner

    example: ClassVar[dict[str, JsonValue]] = {"of": {"kind": "in", "object": "red_block", "container": "bowl"}}

    @field_validator("of")
    @classmethod
    def _of_a_plain_one(cls, of: Condition) -> Condition:
        if isinstance(of, Not):
            raise ValueError("the opposite of an opposite is the condition itself: say that")
        return of

    @property
    def names(self) -> tuple[str, ...]:
        """Those of the condition inside."""
        return self.of.names

    @property
    def words(self) -> str:
        """The condition inside, negated."""
        return f"not: {self.of.words}"

    def measure(self, scene: Scene) -> Measured:
        """Measure the opposite; what is unknown is not taken for it."""
        found = self.of.measure(scene)
        moving = not_put_down(scene, self.of.subject) if self.of.asks_rest else None
        if moving is not None:
            return Measured.no(moving)
        margin = -found.margin if found.against is None and found.margin is not None else found.against
        clear = not found.holds and (margin is None or margin >= 0.0)
        return Measured(found.known and clear, found.words, margin, found.unit, found.known)

    def blame(self, before: Scene, after: Scene) -> Outcome | None:
        """Nothing stands in the way of something that is not to be there: it is simply so still."""
        return CONDITION_NOT_MET

    def carriers(self) -> tuple[str, ...]:
        """None: it wants nothing anywhere."""
        return ()

    def following(self, primitive: SkillParameters) -> Condition:
        """The opposite of what is meant then."""
        return self.model_copy(update={"of": self.of.following(primitive)})

    def seen_in(self, scene: Scene) -> Condition:
        """The opposite of the same said of another object."""
        return self.model_copy(update={"of": self.of.seen_in(scene)})

    @classmethod
    def answer_class(cls, others: Any) -> type[Model] | None:
        """Holds any other condition, as models write it."""
        if others is None:
            return None
        fields: dict[str, Any] = {"kind": (Literal["not"], "not"), "of": (others, Field())}
        return create_model("NotAnswer", __base__=Model, __doc__=cls.__doc__, **fields)

    @classmethod
    def from_answer(cls, answer: Any, first: Scene) -> Condition:
        """The opposite of what the inner answer means."""
        return cls(of=CONDITIONS[answer.of.kind].from_answer(answer.of, first))
