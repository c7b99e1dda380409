"""Data of a class that is told by its `kind`, as a record holds them: also of a class that is not installed here."""

from __future__ import annotations

from typing import Any

from pydantic import Field, JsonValue, SerializerFunctionWrapHandler, model_serializer, model_validator

from lmp.schema.base import Model


class Recorded(Model):
    """A mixin: what the base class has, and the fields that it does not have as JSON values.

    They can be shown and written again, word for word; only their own class knows what they mean.

    Attributes:
        own: The fields that the class adds to those of its base.
    """

    own: dict[str, JsonValue] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        own = {name: value for name, value in data.items() if name == "own" or name not in cls.model_fields}
        return {**{name: value for name, value in data.items() if name not in own}, "own": own}

    @model_serializer(mode="wrap")
    def _spread(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        data: dict[str, Any] = handler(self)
        return {**{name: value for name, value in data.items() if name != "own"}, **data["own"]}
