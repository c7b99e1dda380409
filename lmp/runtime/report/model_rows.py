"""The exchanges with models as the report shows them."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from lmp.errors import LmpError
from lmp.record import RunFolder
from lmp.record.exchanges import KIND, picture_place
from lmp.runtime.report.model_words import cost_words, tokens_words
from lmp.runtime.report.pictures import data_uri
from lmp.schema.exchange import Exchange, PictureNote

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
