"""The exchanges with models in a run folder: a file each, and the pictures that were sent, each once, named by its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from lmp.errors import LmpError, SetupFault
from lmp.record.stored_files import StoredFiles
from lmp.schema.exchange import Exchange, ModelUse

if TYPE_CHECKING:
    from lmp.record.run_folder import RunFolder

KIND = "exchanges"
PICTURES = f"{KIND}/pictures"


def save(files: StoredFiles, name: str, exchange: Exchange, pictures: Mapping[str, bytes]) -> str:
    """Keeps an exchange and those of its pictures that are not there yet; returns the name.

    Raises:
        SetupFault: A picture's name is not its hash, or one that the exchange names is neither given nor there.
        RecordFault: It cannot be written.
    """
    entries = files.log.latest()
    for note in exchange.pictures:
        place = picture_place(note.sha256)
        if (entry := entries.get(place)) is not None and entry.sha256 is not None:
            continue
        png = pictures.get(note.sha256, b"")
        if hashlib.sha256(png).hexdigest() != note.sha256:
            raise SetupFault(f"The picture {note.label!r} of an exchange is not the one of its hash {note.sha256}.")
        with files.file_to_write(place) as file:
            file.write(png)
        entries = files.log.latest()
    # The exchange last: where it is, its pictures are.
    with files.file_to_write(f"{KIND}/{name}.json") as file:
        file.write(_json(exchange))
    return name


def picture(files: StoredFiles, sha256: str) -> bytes:
    """A picture that was sent, as its PNG file.

    Raises:
        BadFile: It is not there, or not what was written.
    """

    def checked(file: BinaryIO) -> bytes:
        content = file.read()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ValueError("its content is not that of its name")
        return content

    return files.read(picture_place(sha256), checked)


def picture_place(sha256: str) -> str:
    """Place of a picture in the run folder."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise SetupFault(f"{sha256!r:.80} is not a SHA-256 of a picture: 64 digits 0 to 9 and a to f.")
    return f"{PICTURES}/{sha256}.png"


def _json(exchange: Exchange) -> bytes:
    """The exchange as JSON; what is no Unicode, which a parsed answer may hold, becomes question marks."""
    try:
        return exchange.model_dump_json().encode()
    except ValueError:
        return json.dumps(exchange.model_dump(), ensure_ascii=False).encode("utf-8", "replace")


def complaints(record: RunFolder) -> Iterator[str]:
    """Tell what cannot be read of the exchanges of a run, or is named and not there."""
    named: set[str] = set()
    for name in record.names(KIND):
        try:
            named |= {note.sha256 for note in record.load(KIND, name, Exchange).pictures}
        except LmpError as error:
            yield str(error)
    for sha256 in sorted(named):
        try:
            record.load_picture(sha256)
        except LmpError as error:
            yield str(error)


def used_models(record: RunFolder) -> ModelUse:
    """The use that a run has made of models so far: the sum of its exchanges."""
    return total(record.load_exchanges())


def total(exchanges: Iterable[Exchange]) -> ModelUse:
    """Sum up what these exchanges took."""
    use = ModelUse()
    for exchange in exchanges:
        use = use.model_copy(update={"questions": use.questions + 1})
        for turn in exchange.turns:
            use = use.plus(turn)
    return use
