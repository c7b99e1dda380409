"""Whatever a model would like to say, it can only say what fits the schema, and it comes to an end."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from local_answers import ANSWERS, misfits
from pydantic import BaseModel, Field, create_model
from tiny_model import make_tokenizer

from lmp.planners.model.local.held_to_schema import HeldToSchema, Vocabulary

TOKENS = 1536


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(make_tokenizer())


def _written(vocabulary: Vocabulary, answer: type[BaseModel], seed: int, wandering: float, tokens: int = TOKENS) -> str:
    """What a model with fixed likings writes, that wanders from them by so much."""
    rng = torch.Generator().manual_seed(seed)
    held = HeldToSchema(vocabulary, answer.model_json_schema(), tokens)
    size = vocabulary.tokens.vocab_size + 8
    likings = torch.randn(1, size, generator=rng)
    ids = torch.zeros((1, 4), dtype=torch.long)
    for _ in range(tokens):
        scores = held(ids, likings + wandering * torch.randn(1, size, generator=rng))
        ids = torch.cat([ids, scores.argmax(-1, keepdim=True)], dim=1)
        held.read(ids)
        if held.ended:
            return held.text
    raise AssertionError(f"no end after {tokens} tokens: {held.text[-300:]}")


@pytest.mark.parametrize("wandering", [0.0, 1.0])
@pytest.mark.parametrize("name", ANSWERS)
def test_answers_fit_and_end(vocabulary: Vocabulary, name: str, wandering: float) -> None:
    for seed in range(2):
        text = _written(vocabulary, ANSWERS[name], seed, wandering)
        assert misfits(name, text) == []
        assert text.isprintable()


def test_a_number_ends_whatever_the_model_likes_best(vocabulary: Vocabulary) -> None:
    answer = create_model(
        "A", small=(Annotated[float, Field(gt=0.0, le=0.5)], ...), other=(Annotated[float, Field(ge=-2)], ...)
    )
    for digit in "0123456789":
        held = HeldToSchema(vocabulary, answer.model_json_schema(), 200)
        likings = torch.zeros(1, vocabulary.tokens.vocab_size)
        for liked in (".", digit):
            likings[0, vocabulary.tokens.tokenize_str(liked)[0]] = 9.0
        ids = torch.zeros((1, 1), dtype=torch.long)
        while not held.ended and len(held.answer) < 60:
            ids = torch.cat([ids, held(ids, likings).argmax(-1, keepdim=True)], dim=1)
            held.read(ids)
        assert 0.0 < answer.model_validate_json(held.text).small <= 0.5  # type: ignore[attr-defined]


@given(
    st.floats(-50.0, 50.0).map(lambda x: round(x, 3)),
    st.floats(0.01, 50.0).map(lambda x: round(x, 3)),
    st.tuples(st.booleans(), st.booleans()),
    st.integers(0, 1000),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_numbers_lie_in_their_range(
    vocabulary: Vocabulary, low: float, width: float, closed: tuple[bool, bool], seed: int
) -> None:
    ends = {"ge" if closed[0] else "gt": low, "le" if closed[1] else "lt": low + width}
    answer = create_model("A", x=(Annotated[float, Field(**ends)], ...))
    assert answer.model_validate_json(_written(vocabulary, answer, seed, 1.0, tokens=100))


def test_texts_share_what_is_left_for_them(vocabulary: Vocabulary) -> None:
    long = Annotated[str, Field(min_length=1, max_length=2000)]
    answer = create_model("A", first=(long, ...), second=(long, ...), kind=(Literal["x"], ...))
    valid = answer.model_validate_json(_written(vocabulary, answer, 1, 1.0, tokens=160))
    assert min(len(valid.first), len(valid.second)) >= 1  # type: ignore[attr-defined]


def test_lists_are_as_long_as_fits(vocabulary: Vocabulary) -> None:
    numbers = Annotated[list[Annotated[float, Field(ge=0.0, le=1.0)]], Field(max_length=64)]
    answer = create_model("A", x=(numbers, ...), y=(numbers, ...))
    for seed in range(4):
        assert answer.model_validate_json(_written(vocabulary, answer, seed, 0.0, tokens=120))


def test_a_schema_that_the_decoder_does_not_know_is_a_fault(vocabulary: Vocabulary) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "integer", "minimum": 5, "maximum": 3}}, "required": ["a"]}
    with pytest.raises(ValueError, match="a"):
        HeldToSchema(vocabulary, schema, 100)
