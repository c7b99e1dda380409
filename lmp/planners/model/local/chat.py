"""A request as a model's own processor wants it: messages through the chat template, pictures between their labels."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from lmp.planners.model.local.weights import Weights
from lmp.planners.model.reasking import earlier, label_line
from lmp.planners.model.request import Picture, Request


def inputs(request: Request, system: str, weights: Weights) -> Any:
    """Token numbers and pixels, by name. Shape of ``input_ids``: (1, tokens).

    Args:
        request: The question.
        system: The system prompt, with or without the schema in it.
        weights: Whose template and processor are used.

    Raises:
        ValueError: The template cannot render a conversation with a system prompt, neither apart nor before the user's text.
    """
    marks = control_marks(weights.processor)
    try:
        return _rendered(_messages(request, system, marks), weights)
    except Exception:  # some templates know no system role, and say so with whatever they like
        joined = _messages(request, system, marks)
        joined[1]["content"].insert(0, joined.pop(0)["content"][0])
        return _rendered(joined, weights)


def _rendered(messages: list[dict[str, Any]], weights: Weights) -> Any:
    return weights.processor.apply_chat_template(
        messages,
        chat_template=weights.template,
        add_generation_prompt=True,
        tokenize=True,
        return_dict=True,
        return_tensors="pt",
    )


def _messages(request: Request, system: str, marks: tuple[str, ...]) -> list[dict[str, Any]]:
    def said(text: str) -> dict[str, str]:
        return {"type": "text", "text": plain(text, marks)}

    content: list[dict[str, Any]] = []
    for picture in request.pictures:
        content += [said(f"{label_line(picture)}\n"), {"type": "image", "image": _image(picture)}]
    content.append(said(request.user))
    return [
        {"role": "system", "content": [said(system)]},
        {"role": "user", "content": content},
        *({"role": role, "content": [said(text)]} for role, text in earlier(request)),
    ]


def control_marks(processor: Any) -> tuple[str, ...]:
    """The marks that a model reads as the end of a turn, a picture and the like, longest first."""
    tokenizer = processor.tokenizer
    special = [str(token) for token in tokenizer.added_tokens_decoder.values() if token.special]
    media = [getattr(processor, name, None) for name in ("image_token", "video_token", "audio_token")]
    named = {*special, *tokenizer.all_special_tokens, *(token for token in media if isinstance(token, str))}
    return tuple(sorted((mark for mark in named if len(mark) > 1), key=lambda mark: (-len(mark), mark)))


def plain(text: str, marks: tuple[str, ...]) -> str:
    """The text with every control mark in it broken by a blank: what a person, a label or a model says is only ever text."""
    while found := [mark for mark in marks if mark in text]:
        for mark in found:
            text = text.replace(mark, f"{mark[0]} {mark[1:]}")
    return text


def _image(picture: Picture) -> Image.Image:
    with Image.open(io.BytesIO(picture.png)) as image:
        return image.convert("RGB")
