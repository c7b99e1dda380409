"""The cost of a call's tokens, by the prices of the settings."""

from __future__ import annotations

from lmp.model_settings import Prices
from lmp.schema.exchange import Usage

MOST_TOKENS = 10**9
"""Largest number of tokens that is believed [count]."""
_MILLION = 1e6


def usage(sent: object, answered: object, cached: object, prices: Prices | None) -> Usage:
    """The usage of a call, as far as the provider tells; numbers that cannot be are taken as not told.

    Args:
        sent: Tokens that were sent, cached ones included [count].
        answered: Tokens of the answer [count].
        cached: Sent tokens that came from the provider's cache [count].
        prices: By which the cost is computed; without them it is unknown.
    """
    told = Usage(input_tokens=_count(sent), output_tokens=_count(answered), cached_tokens=_count(cached))
    return told.model_copy(update={"cost": cost(told, prices)})


def cost(told: Usage, prices: Prices | None) -> float | None:
    """Price of a call [USD]; None where the prices or the tokens are not known."""
    if prices is None or told.input_tokens is None or told.output_tokens is None:
        return None
    cached = min(told.cached_tokens or 0, told.input_tokens)
    cheaper = prices.input if prices.cached is None else prices.cached
    fresh = (told.input_tokens - cached) * prices.input
    return min((fresh + cached * cheaper + told.output_tokens * prices.output) / _MILLION, 1e6)


def _count(told: object) -> int | None:
    if isinstance(told, bool) or not isinstance(told, int) or not 0 <= told <= MOST_TOKENS:
        return None
    return told
