"""A run's questions to models, in words and as rows: the same in the report and in the terminal."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from lmp.errors import LmpError
from lmp.record import RunFolder
from lmp.record.exchanges import KIND, picture_place
from lmp.runtime.report.pictures import data_uri
from lmp.schema.exchange import Exchange, ModelUse, PictureNote


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


THUMBNAIL = 160
"""Width of a picture in the table [px]."""
MANY = 200
"""Exchanges beyond which only the first are shown with their pictures, so that the page stays light [count]."""


@dataclass(frozen=True)
class Thumbnail:
    """A picture that was sent.

    Attributes:
        place: Its file in the run folder.
        source: Data URI; empty where it cannot be shown.
    """

    label: str
    place: str
    source: str


@dataclass(frozen=True)
class ExchangeRow:
    """One question.

    Attributes:
        complaints: What was wrong with each answer that was returned.
        sent, answered, cost: In words.
        missing: Why something that was recorded is not shown.
    """

    name: str
    question: str = ""
    prompt: str = ""
    model: str = ""
    calls: int = 0
    seconds: float = 0.0
    complaints: tuple[tuple[str, ...], ...] = ()
    sent: str = ""
    answered: str = ""
    cost: str = ""
    fault: str = ""
    thumbnails: tuple[Thumbnail, ...] = ()
    missing: str = ""


def exchange_rows(run: RunFolder) -> list[ExchangeRow]:
    """A row for each exchange of a run, in order."""
    return [_row(run, name, place < MANY) for place, name in enumerate(run.names(KIND))]


def _row(run: RunFolder, name: str, pictures: bool) -> ExchangeRow:
    try:
        exchange = run.load(KIND, name, Exchange)
    except LmpError as error:
        # A report of a damaged record is worth more than none; the page says what is damaged.
        return ExchangeRow(name, missing=str(error))
    usages = [turn.usage for turn in exchange.turns]
    costs = [usage.cost for usage in usages if usage.cost is not None]
    return ExchangeRow(
        name=name,
        question=exchange.question,
        prompt=f"{exchange.prompt} {exchange.version}",
        model=exchange.model,
        calls=len(exchange.turns),
        seconds=sum(turn.seconds for turn in exchange.turns),
        complaints=tuple(turn.complaints for turn in exchange.turns if turn.complaints),
        sent=tokens_words(_sum([usage.input_tokens for usage in usages])),
        answered=tokens_words(_sum([usage.output_tokens for usage in usages])),
        cost=cost_words(sum(costs) if costs else None),
        fault=exchange.fault,
        thumbnails=tuple(_thumbnail(run, note) for note in exchange.pictures) if pictures else (),
    )


def _sum(numbers: list[int | None]) -> int | None:
    told = [number for number in numbers if number is not None]
    return sum(told) if told else None


def _thumbnail(run: RunFolder, note: PictureNote) -> Thumbnail:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # A picture that is too large to be ours is not shown.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(run.load_picture(note.sha256)), formats=["PNG"]) as picture:
                source = data_uri(picture.convert("RGB"), THUMBNAIL)
    except (LmpError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        source = ""
    return Thumbnail(note.label, picture_place(note.sha256), source)
