"""The exchange with a model, what was asked and what it answered: enough to ask again without it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, JsonValue

from lmp.schema.base import Model, Name, Text

LongText = Annotated[str, Field(max_length=400_000)]
Count = Annotated[int, Field(ge=0, le=10**9)]


class Usage(Model):
    """The cost of calls; a number that the provider does not tell is null.

    Attributes:
        cost: By the prices of the settings; null where they name none.
    """

    input_tokens: Count | None = Field(default=None, description="tokens that were sent, cached ones included [count]")
    output_tokens: Count | None = Field(default=None, description="tokens of the answer [count]")
    cached_tokens: Count | None = Field(default=None, description="sent tokens that came from the provider's cache [count]")
    cost: Annotated[float, Field(ge=0.0, le=1e6)] | None = Field(default=None, description="price [USD]")


class PictureNote(Model):
    """A picture that was sent; its file in the record is named by its hash.

    Attributes:
        label: What the prompt calls it.
        sha256: Of the encoded file.
    """

    label: Text
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    width: Annotated[int, Field(ge=1, le=10_000, description="width [px]")]
    height: Annotated[int, Field(ge=1, le=10_000, description="height [px]")]


class Turn(Model):
    """One answer.

    Attributes:
        text: As it came.
        complaints: All that was wrong with it; they were returned to the model. Empty for the answer that was taken.
    """

    text: LongText
    complaints: tuple[Text, ...] = Field(default=(), max_length=256)
    usage: Usage = Usage()
    seconds: Annotated[float, Field(ge=0.0, description="time until the whole answer was there [s]")] = 0.0


class Exchange(Model):
    """One question, from the prompt to the answer that was taken, or to the fault.

    Attributes:
        question: decompose, ground, correct, verify, ...
        prompt: Name of the prompt file; `version` and `sha256` are its header's and its text's.
        model: Provider and model, as on the command line.
        parameters: What else went with the request: temperature, limits, mode.
        system, user: The text, rendered.
        answer_schema: What the answer had to fit.
        answer: The answer that was taken; null if there was none.
        fault: Why there was none.
    """

    question: Name
    prompt: Name
    version: Text
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    model: Text
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    system: LongText
    user: LongText
    pictures: tuple[PictureNote, ...] = Field(default=(), max_length=32)
    answer_schema: dict[str, JsonValue]
    turns: tuple[Turn, ...] = Field(default=(), max_length=64)
    answer: JsonValue = None
    fault: Text = ""


class ModelUse(Model):
    """The sum of a run's requests to models."""

    questions: Count = Field(default=0, description="questions [count]")
    calls: Count = Field(default=0, description="answers that were asked for, re-asks included [count]")
    input_tokens: Count = Field(default=0, description="tokens that were sent, as far as told [count]")
    output_tokens: Count = Field(default=0, description="tokens of the answers, as far as told [count]")
    cached_tokens: Count = Field(default=0, description="sent tokens from the provider's cache, as far as told [count]")
    seconds: Annotated[float, Field(ge=0.0, description="time spent waiting for answers [s]")] = 0.0
    cost: Annotated[float, Field(ge=0.0)] | None = Field(default=None, description="price, null where no price is known [USD]")

    def plus(self, turn: Turn) -> ModelUse:
        """With one more call."""
        usage = turn.usage
        return self.model_copy(
            update={
                "calls": self.calls + 1,
                "input_tokens": self.input_tokens + (usage.input_tokens or 0),
                "output_tokens": self.output_tokens + (usage.output_tokens or 0),
                "cached_tokens": self.cached_tokens + (usage.cached_tokens or 0),
                "seconds": self.seconds + turn.seconds,
                "cost": self.cost if usage.cost is None else (self.cost or 0.0) + usage.cost,
            }
        )

    def together(self, other: ModelUse) -> ModelUse:
        """Sum up what two parts of a run used."""
        added = {name: getattr(self, name) + getattr(other, name) for name in ModelUse.model_fields if name != "cost"}
        known = [use.cost for use in (self, other) if use.cost is not None]
        return ModelUse(**added, cost=sum(known) if known else None)
