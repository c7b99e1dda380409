"""A response model that carries a schema to the provider, and takes whatever comes back."""

from __future__ import annotations

import copy
import re
from typing import Any, ClassVar

from pydantic import BaseModel

from lmp.schema.base import Model


class Carrier(Model):
    """Instructor builds its request from the schema; the answer is judged by who asked, with all complaints at once."""

    carried: ClassVar[dict[str, Any]] = {}

    @classmethod
    def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
        """The schema of the answer."""
        return copy.deepcopy(cls.carried)

    @classmethod
    def model_validate_json(cls, *_: Any, **__: Any) -> Any:
        """Anything will do."""
        return cls.model_construct()

    @classmethod
    def model_validate(cls, *_: Any, **__: Any) -> Any:
        """Anything will do."""
        return cls.model_construct()


def carrier_of(answer: type[BaseModel]) -> type[Carrier]:
    """The response model for an answer: of its name, documentation and schema."""
    name = tool_name(answer)
    schema = {**answer.model_json_schema(), "title": name}
    return type(name, (Carrier,), {"__doc__": answer.__doc__, "__module__": __name__, "carried": schema})


def tool_name(answer: type[BaseModel]) -> str:
    """A name that every provider takes."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", answer.__name__)[:64] or "Answer"
