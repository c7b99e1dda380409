"""The client to vision-language models whose weights lie in a folder: nothing leaves this machine, and no key is needed."""

from __future__ import annotations

import time
from typing import Any

from pydantic import JsonValue

from lmp.model_settings import ModelSettings
from lmp.planners.model.faults import AnswerTruncated, ContextOverflow, EmptyAnswer, ModelFault
from lmp.planners.model.json_answer import MOST_TEXT
from lmp.planners.model.local.chat import inputs
from lmp.planners.model.local.extra import extra, require_extra
from lmp.planners.model.local.held_to_schema import HeldToSchema
from lmp.planners.model.local.memory import out_of_memory
from lmp.planners.model.local.weights import Weights, load_weights, model_folder
from lmp.planners.model.reasking import system_with_schema
from lmp.planners.model.request import Reply, Request
from lmp.schema.exchange import Usage

LEAST_ANSWER = 64
"""Room for an answer without which a question is not asked [count]."""


class TransformersClient:
    """A model in a folder, loaded when it is first asked. Its answers are held to their schema while they are decoded.

    Form `auto` puts the schema into the prompt, too, so that the model knows the fields before it writes; `json_schema` leaves
    it to the decoder alone, which makes the prompt shorter.

    Args:
        path: The folder, as transformers saves it: config, safetensors, tokenizer, image processor, chat template.
        settings: How it is asked. Without a temperature, the likeliest token is taken each time.

    Attributes:
        parameters: What goes with every request, for the record; device and numbers once the model is loaded.

    Raises:
        SetupFault: The extra `local` is not installed, or the folder has no model.
    """

    def __init__(self, path: str, settings: ModelSettings):
        self.name, self.settings = f"transformers:{path}", settings
        self._folder = model_folder(path)
        require_extra()
        self._weights: Weights | None = None
        told = {"form": settings.form, "answer_tokens": settings.answer_tokens}
        sampling = {"temperature": settings.temperature, "seed": settings.seed}
        self.parameters: dict[str, JsonValue] = {
            **told,
            **{name: value for name, value in sampling.items() if value is not None},
        }

    def reply(self, request: Request) -> Reply:
        """One answer.

        Raises:
            SetupFault: The model cannot be loaded.
            ContextOverflow: Question and answer are longer than the model can read.
            AnswerTruncated: The answer was cut at its largest length.
            ModelFault: Memory or time ran out, or the model broke.
        """
        if self._weights is None:
            self._weights = load_weights(self._folder)
            place = self._weights.placement
            self.parameters = {**self.parameters, "device": place.device, "dtype": place.dtype}
        try:
            return self._reply(request, self._weights)
        except ModelFault:
            raise
        except Exception as error:
            if out_of_memory(error):
                raise ModelFault(
                    f"{self.name} ran out of memory on {self._weights.placement.device!r}. Send fewer or smaller pictures "
                    "(`picture_width` in the settings), lower `answer_tokens`, or take a smaller model."
                ) from error
            said = " ".join(str(error).split())[:300]
            raise ModelFault(f"{self.name} broke: {type(error).__name__}: {said}") from error

    def _reply(self, request: Request, weights: Weights) -> Reply:
        system = request.system if self.settings.form == "json_schema" else system_with_schema(request)
        read = inputs(request, system, weights).to(weights.model.device)
        length = int(read["input_ids"].shape[1])
        room = self._room(length, weights)
        held = HeldToSchema(weights.vocabulary, request.answer.model_json_schema(), room)
        clock = _Clock(held, request.seconds)
        weights.model.generate(
            **read, generation_config=self._sampling(room, weights), logits_processor=[held], stopping_criteria=[clock]
        )
        usage = Usage(input_tokens=length, output_tokens=len(held.answer))
        self._check(held, clock, usage, room, request.seconds)
        return Reply(held.text, usage)

    def _room(self, length: int, weights: Weights) -> int:
        """Number of tokens that the answer may have.

        Raises:
            ContextOverflow: Too few are left.
        """
        if weights.longest is None:
            return self.settings.answer_tokens
        room = min(self.settings.answer_tokens, weights.longest - length)
        if room < min(LEAST_ANSWER, self.settings.answer_tokens):
            raise ContextOverflow(
                f"The question is too long for {self.name}: it has {length} tokens, and the model reads {weights.longest}, the "
                "answer included. Send fewer or smaller pictures, or take a model that reads more.",
                usage=Usage(input_tokens=length),
            )
        return room

    def _sampling(self, room: int, weights: Weights) -> Any:
        """Settings by which the next token is chosen."""
        transformers, temperature = extra("transformers"), self.settings.temperature
        ends, pad = weights.model.generation_config.eos_token_id, weights.processor.tokenizer.pad_token_id
        told: dict[str, Any] = {"max_new_tokens": room, "eos_token_id": ends, "pad_token_id": pad, "do_sample": False}
        if temperature:
            told |= {"do_sample": True, "temperature": temperature, "top_k": 0, "top_p": 1.0}
            if self.settings.seed is not None:
                extra("torch").manual_seed(self.settings.seed)
        return transformers.GenerationConfig(**told)

    def _check(self, held: HeldToSchema, clock: _Clock, usage: Usage, room: int, seconds: float) -> None:
        """Refuse an answer that is not whole."""
        text = held.text[:MOST_TEXT]
        if held.ended and not held.cut:
            return
        if held.ended:
            raise AnswerTruncated(
                f"A list in the answer of {self.name} was cut at {held.longest_list} items, so that the answer fits into "
                f"{room} tokens. Raise `answer_tokens` in the settings, or ask for less at once.",
                text=text,
                usage=usage,
            )
        if clock.late:
            raise ModelFault(
                f"{self.name} had not answered after {seconds:.3g} s, {usage.output_tokens} tokens into the answer. "
                "Raise `seconds` in the settings, or take a smaller model.",
                text=text,
                usage=usage,
            )
        if not text:
            raise EmptyAnswer(f"{self.name} gave an empty answer.", usage=usage)
        if room < self.settings.answer_tokens:
            raise ContextOverflow(f"The question and the answer are too long for {self.name}.", text=text, usage=usage)
        raise AnswerTruncated(
            f"The answer of {self.name} was cut at {room} tokens. "
            "Raise `answer_tokens` in the settings, or ask for less at once.",
            text=text,
            usage=usage,
        )


class _Clock:
    """Ends the decoding when the answer is whole, or when its time is over.

    Args:
        held: The answer in the making.
        seconds: How long it may take, from now on [s].
    """

    def __init__(self, held: HeldToSchema, seconds: float):
        self._held, self._until = held, time.monotonic() + seconds
        self.late = False

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        """True if generation is to end. Shape (1,)."""
        self._held.read(input_ids)
        self.late = not self._held.ended and time.monotonic() > self._until
        torch = extra("torch")
        return torch.tensor([self._held.ended or self.late], device=input_ids.device)
