"""What a run asked of models, in words: the same in the report and in the terminal."""

from __future__ import annotations

from lmp.schema.exchange import ModelUse


def model_words(use: ModelUse) -> str:
    """On one line: questions, answers, tokens, time and price."""
    cached = f" ({_grouped(use.cached_tokens)} cached)" if use.cached_tokens else ""
    asked = f"{_counted(use.questions, 'question')}, {_counted(use.calls, 'call')}"
    tokens = f"{_grouped(use.input_tokens)} tokens sent{cached}, {_grouped(use.output_tokens)} answered"
    return f"{asked}, {tokens}, {use.seconds:.1f} s, cost {cost_words(use.cost)}"


def model_facts(use: ModelUse) -> list[tuple[str, str]]:
    """The same, name by name."""
    return [
        ("questions", _grouped(use.questions)),
        ("calls", _grouped(use.calls)),
        ("tokens sent", _grouped(use.input_tokens)),
        ("of them cached", _grouped(use.cached_tokens)),
        ("tokens answered", _grouped(use.output_tokens)),
        ("waited", f"{use.seconds:.1f} s"),
        ("cost", cost_words(use.cost)),
    ]


def cost_words(cost: float | None) -> str:
    """A price [USD], or that none is known."""
    return "unknown" if cost is None else f"${cost:.4f}"


def tokens_words(tokens: int | None) -> str:
    """A number of tokens, or that the provider did not tell it."""
    return "unknown" if tokens is None else _grouped(tokens)


def _counted(number: int, what: str) -> str:
    return f"{_grouped(number)} {what}{'' if number == 1 else 's'}"


def _grouped(number: int) -> str:
    """Thousands apart."""
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")
