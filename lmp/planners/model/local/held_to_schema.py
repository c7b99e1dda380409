"""Decoding that can only give an answer that fits its schema: the only import of llguidance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lmp.planners.model.local.extra import extra
from lmp.planners.model.local.longest_answer import longest_list, schema_that_fits
from lmp.planners.model.local.pace import Pace

_COMPACT = {"whitespace_flexible": False}


class Vocabulary:
    """A tokenizer as the decoder sees it: made once for a model.

    Args:
        tokenizer: Of transformers; one of its fast ones.
    """

    def __init__(self, tokenizer: Any):
        self._engine = extra("llguidance")
        self.tokens = extra("llguidance.hf").from_tokenizer(tokenizer)
        first = [(self.tokens.decode_bytes([token]) or b"\0")[:1] for token in range(self.tokens.vocab_size)]
        self.first: NDArray[np.uint8] = np.frombuffer(b"".join(first), dtype=np.uint8)
        """The first byte of each token. Shape (tokens,)."""
        self.quote: int = self.tokens.tokenize_bytes(b'"')[-1]
        self._grammars: dict[tuple[str, int], tuple[str, int]] = {}

    def count(self, text: str) -> int:
        """Number of tokens that a text has."""
        return len(self.tokens.tokenize_str(text))

    def matcher(self, schema: Mapping[str, Any], structure: int) -> tuple[Any, int]:
        """Matcher that follows an answer and tells which tokens may come next, and the length at which it cuts lists [count].

        Args:
            schema: What the answer has to fit.
            structure: How many tokens it may have besides its texts [count].

        Raises:
            ValueError: The decoder cannot hold an answer to the schema; says why.
        """
        key = (json.dumps(schema), structure)
        if key not in self._grammars:
            self._grammars[key] = self._grammar(schema, structure)
        grammar, most = self._grammars[key]
        matcher = self._engine.LLMatcher(self.tokens, grammar)
        if matcher.is_error():
            raise ValueError(matcher.get_error())
        return matcher, most

    def _grammar(self, schema: Mapping[str, Any], structure: int) -> tuple[str, int]:
        why = ""
        for patterns in (True, False):
            tight, most = schema_that_fits(schema, structure, self.count, patterns)
            grammar: str = self._engine.LLMatcher.grammar_from_json_schema(tight, defaults=_COMPACT)
            why = self._engine.LLMatcher.validate_grammar(grammar, self.tokens)
            if not why:
                return grammar, most
        raise ValueError(why)


class HeldToSchema:
    """One answer in the making; transformers calls it before each token.

    What the grammar leaves no choice about is written in the tokens that the tokenizer itself would take, so the length of an
    answer is what was reckoned with, whatever the model prefers.

    Args:
        vocabulary: Of the model.
        schema: What the answer has to fit.
        answer_tokens: Most tokens of the answer; a quarter of them is for its texts [count].

    Raises:
        ValueError: The decoder cannot hold an answer to the schema; says why.
    """

    def __init__(self, vocabulary: Vocabulary, schema: Mapping[str, Any], answer_tokens: int):
        self._vocabulary = vocabulary
        self._matcher, self.longest_list = vocabulary.matcher(schema, answer_tokens - answer_tokens // 4)
        self._pace = Pace(answer_tokens // 4)
        self._prompt: int | None = None
        self._free = True
        self.answer: list[int] = []

    @property
    def ended(self) -> bool:
        """The answer is whole."""
        return bool(self._matcher.is_stopped())

    @property
    def cut(self) -> bool:
        """A list of the answer was full before the schema's own limit: the model may have meant to go on."""
        return longest_list(json.loads(self.text)) >= self.longest_list

    @property
    def text(self) -> str:
        """The answer so far."""
        raw: bytes = self._vocabulary.tokens.decode_bytes(self.answer)
        return raw.decode("utf-8", "replace")

    def read(self, ids: Any) -> None:
        """Takes in what was decoded.

        Args:
            ids: Prompt and answer. Shape (1, tokens).
        """
        if self._prompt is None:
            self._prompt = ids.shape[1]
        for token in ids[0, self._prompt + len(self.answer) :].tolist():
            self.answer.append(token)
            if not self.ended and self._matcher.consume_token(token):
                self._pace.read(self._vocabulary.tokens.decode_bytes([token]), self._free)

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """The scores with everything ruled out that must not come next.

        Args:
            input_ids: Prompt and answer. Shape (1, tokens).
            scores: Of each token. Shape (1, vocabulary).
        """
        self.read(input_ids)
        torch = extra("torch")
        allowed = np.zeros(scores.shape[-1], dtype=bool)
        mask = self._allowed()
        shared = min(len(mask), len(allowed))
        allowed[:shared] = mask[:shared]
        return scores.masked_fill(~torch.from_numpy(allowed).to(scores.device), -torch.inf)

    def _allowed(self) -> NDArray[np.bool_]:
        """Mask of the tokens that may come next. Shape (tokens,)."""
        words = self._vocabulary
        bits = np.unpackbits(np.frombuffer(self._matcher.compute_bitmask(), np.uint8), bitorder="little")
        allowed = bits[: len(words.first)].astype(bool)
        if self._matcher.is_error():
            raise ValueError(self._matcher.get_error())
        forced = self._matcher.compute_ff_tokens()
        self._free = not (forced and allowed[forced[0]])
        if not self._free:
            return _only(allowed, np.arange(len(allowed)) == forced[0])
        if self._pace.text_is_long:
            return _only(allowed, np.arange(len(allowed)) == words.quote)
        if self._pace.number_is_long:
            ending = _only(allowed, np.isin(words.first, np.frombuffer(b",}]", np.uint8)))
            return _only(ending, words.first != ord("0"))
        return allowed


def _only(allowed: NDArray[np.bool_], requested: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Those of the allowed that are requested; all of the allowed where none is."""
    both: NDArray[np.bool_] = allowed & requested
    return both if both.any() else allowed
