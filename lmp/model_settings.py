"""The settings of a model: where it is, what may go with a request, what its tokens cost."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, JsonValue, ValidationError

from lmp.errors import BadFile
from lmp.schema.base import Model

Price = Annotated[float, Field(ge=0.0, le=10_000.0)]


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError("a URL that begins with http:// or https:// is needed")
    return text


def _field(name: str) -> str:
    if name in ("model", "messages", "input", "stream"):
        raise ValueError("a request cannot do without it, or cannot be read with it")
    return name


FieldName = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$"), AfterValidator(_field)]


class Prices(Model):
    """The prices of tokens."""

    input: Price = Field(description="price of a million sent tokens [USD]")
    output: Price = Field(description="price of a million answered tokens [USD]")
    cached: Price | None = Field(default=None, description="price of a million cached tokens, null for that of sent ones [USD]")


class ModelSettings(Model):
    """Settings of a planner that asks a model.

    Attributes:
        base_url: Where an OpenAI-compatible server listens; null for the provider's own.
        api: Which of OpenAI's protocols is spoken.
        form: How the answer's schema is sent: as a tool, as the provider's JSON Schema, or as text in the prompt for
            servers that know neither; auto takes what the provider does best.
        one_call: Asks for the subgoals and their primitives in one question.
        proposals: How many primitives the model is asked for at once, for one subgoal, where the chooser wants several.
        verify: Asks the model, too, whether a condition holds; a success then needs both.
        pictures: Which pictures are sent: none, the plain ones, or those with numbered marks.
        pixels: How the model writes pixels: as they are, or 0 to 1000 of the picture's width and height, x or y first, or in
            percent of it.
        prompts: A folder with prompt files that stand in for those of the same name.
        prices: What tokens cost; null if that is not known.
        leave_out: Fields of the request that the server does not take. What it names itself when it refuses a request is left
            out without that.
        extra_body: Fields that are added to the request, or sent with another value.
    """

    base_url: Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_url)] | None = None
    api: Literal["chat", "responses"] = "chat"
    form: Literal["auto", "tool", "json_schema", "text"] = "auto"
    one_call: bool = False
    verify: bool = False
    pictures: Literal["none", "plain", "marked"] = "marked"
    pixels: Literal["pixels", "thousand_xy", "thousand_yx", "percent"] = "pixels"
    prompts: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    prices: Prices | None = None
    leave_out: Annotated[tuple[FieldName, ...], Field(max_length=32)] = ()
    extra_body: dict[FieldName, JsonValue] = Field(default_factory=dict, max_length=32)
    temperature: Annotated[float, Field(ge=0.0, le=2.0)] | None = Field(
        default=None, description="temperature, null for the model's own [dimensionless]"
    )
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = Field(default=None, description="seed of the sampling [count]")
    answer_tokens: Annotated[int, Field(ge=16, le=200_000, description="largest length of an answer [count]")] = 8192
    proposals: Annotated[int, Field(ge=1, le=8, description="primitives that are asked for at once [count]")] = 1
    reasks: Annotated[int, Field(ge=0, le=10, description="times that a wrong answer is returned to the model [count]")] = 3
    retries: Annotated[int, Field(ge=0, le=10, description="times that a broken request is sent again [count]")] = 2
    seconds: Annotated[float, Field(gt=0.0, le=3600.0, description="time that one answer may take [s]")] = 120.0
    picture_width: Annotated[int, Field(ge=64, le=4096, description="largest width of a picture that is sent [px]")] = 768

    @classmethod
    def of_record(cls, settings: Mapping[str, Any], run: Path) -> Self | None:
        """The settings that a run folder's `settings.json` holds; None if it holds none.

        Raises:
            BadFile: They do not fit the schema.
        """
        if settings.get("model") is None:
            return None
        try:
            return cls.model_validate(settings["model"])
        except ValidationError as error:
            from lmp.files.data_complaints import complaints_of

            raise BadFile(str(run / "settings.json"), [f"model.{text}" for text in complaints_of(error, cls)]) from error
