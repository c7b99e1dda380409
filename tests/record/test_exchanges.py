"""Exchanges with models in the record: written once, checked like everything else, and summed for the budget."""

from __future__ import annotations

import hashlib
import io
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from small_record import SETTINGS

from lmp.errors import BadFile, SetupFault
from lmp.record import RunFolder
from lmp.record.check import check
from lmp.record.exchanges import total, used_models
from lmp.record.prune import foreign_files, remove_run
from lmp.schema.exchange import Exchange, ModelUse, PictureNote, Turn, Usage

HOSTILE = "../../../etc/passwd; $(rm -rf ~) {{7*7}} <script>alert(1)</script> \u202egnp.\u0000"


def png(grey: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 6), (grey, grey, grey)).save(file, format="PNG")
    return file.getvalue()


def note(picture: bytes, label: str = "camera front") -> PictureNote:
    return PictureNote(label=label, sha256=hashlib.sha256(picture).hexdigest(), width=8, height=6)


def exchange(user: str = "what is left to do?", pictures: tuple[PictureNote, ...] = (), **fields: object) -> Exchange:
    said = {
        "question": "decompose",
        "prompt": "decompose",
        "version": "1",
        "sha256": "0" * 64,
        "model": "openai:m",
        "system": "You plan.",
        "answer_schema": {"type": "object"},
        "turns": (Turn(text="{}", complaints=("subgoals: this is needed.",)), Turn(text='{"subgoals": []}')),
        "answer": {"subgoals": []},
    }
    return Exchange.model_validate({**said, "user": user, "pictures": pictures, **fields})


def by_hash(*pictures: bytes) -> dict[str, bytes]:
    return {hashlib.sha256(picture).hexdigest(): picture for picture in pictures}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run with two exchanges that share a picture."""
    with RunFolder.create(tmp_path / "run", "tidy up", SETTINGS) as run:
        run.save_exchange(exchange("one", (note(png(1)), note(png(2)))), by_hash(png(1), png(2)))
        run.save_exchange(exchange("two", (note(png(2)), note(png(3)))), by_hash(png(2), png(3)))
        run.write_text("report.html", "what is written last may be missing after a kill")
    return tmp_path / "run"


def test_exchanges_come_back_as_they_were_in_order_and_a_picture_is_kept_once(folder: Path) -> None:
    run = RunFolder.open(folder)
    assert run.load_exchanges() == (
        exchange("one", (note(png(1)), note(png(2)))),
        exchange("two", (note(png(2)), note(png(3)))),
    )
    assert {path.stem for path in (folder / "exchanges" / "pictures").iterdir()} == set(by_hash(png(1), png(2), png(3)))
    assert run.load_picture(note(png(3)).sha256) == png(3)
    assert sum("/pictures/" in entry.name for entry in run.log.read().entries) == 3
    assert check(folder).faults == []


def test_a_run_that_is_taken_up_goes_on_with_them(folder: Path) -> None:
    with RunFolder.resume(folder) as run:
        assert run.save_exchange(exchange("three", (note(png(1)),)), {}) == "0003"
    assert [one.user for one in RunFolder.open(folder).load_exchanges()] == ["one", "two", "three"]
    assert check(folder).faults == []


@pytest.mark.parametrize("given_", [{}, {note(png(9)).sha256: png(8)}])
def test_a_picture_that_is_not_the_one_of_its_hash_is_refused(folder: Path, given_: dict[str, bytes]) -> None:
    with RunFolder.resume(folder) as run:
        with pytest.raises(SetupFault, match="'camera front' of an exchange is not the one of its hash"):
            run.save_exchange(exchange("three", (note(png(9)),)), given_)
        assert len(run.load_exchanges()) == 2
    assert check(folder).faults == []


def test_who_only_reads_cannot_add(folder: Path) -> None:
    with pytest.raises(SetupFault, match="opened for reading"):
        RunFolder.open(folder).save_exchange(exchange(), {})


@pytest.mark.parametrize("name", ["../settings", "A" * 64, "0" * 63, ""])
def test_a_picture_is_asked_for_by_its_hash_only(folder: Path, name: str) -> None:
    with pytest.raises(SetupFault, match="is not a SHA-256"):
        RunFolder.open(folder).load_picture(name)


def _exchange_file(folder: Path) -> Path:
    return folder / "exchanges" / "0002.json"


def _picture_file(folder: Path) -> Path:
    return folder / "exchanges" / "pictures" / f"{note(png(2)).sha256}.png"


@pytest.mark.parametrize("file_of", [_exchange_file, _picture_file])
def test_tampering_is_found(folder: Path, file_of: object) -> None:
    path = file_of(folder)  # type: ignore[operator]
    content = path.read_bytes()
    path.write_bytes(content.replace(b"e", b"f", 1) if path.suffix == ".json" else content + b"\0")
    name = path.relative_to(folder).as_posix()
    assert any(f"{name}: it was changed" in fault for fault in check(folder).faults)
    with pytest.raises(BadFile, match="It was changed"):
        _read_all(RunFolder.open(folder))
    path.unlink()
    assert any(f"{name}: it is missing" in fault for fault in check(folder).faults)


def _read_all(run: RunFolder) -> None:
    for one in run.load_exchanges():
        for seen in one.pictures:
            run.load_picture(seen.sha256)


def test_one_that_was_slipped_in_is_found(folder: Path) -> None:
    shutil.copy(_exchange_file(folder), folder / "exchanges" / "0003.json")
    assert any("exchanges/0003.json: it is not in log.jsonl" in fault for fault in check(folder).faults)


def test_a_picture_that_an_exchange_names_and_nobody_has_is_found(folder: Path) -> None:
    with RunFolder.resume(folder) as run:
        run.write_text("exchanges/0003.json", exchange("three", (note(png(7)),)).model_dump_json())
    (fault,) = check(folder).faults
    assert note(png(7)).sha256 in fault


def test_prune_takes_them_with_the_run(folder: Path) -> None:
    assert foreign_files(folder) == []
    remove_run(folder)
    assert not folder.exists()


def test_use_is_the_sum_of_what_was_answered(folder: Path) -> None:
    told = Usage(input_tokens=900, output_tokens=50, cached_tokens=400, cost=0.02)
    with RunFolder.resume(folder) as run:
        run.save_exchange(exchange("three", turns=(Turn(text="{}", usage=told, seconds=1.5),), fault="no answer"), {})
        assert used_models(run) == ModelUse(
            questions=3, calls=5, input_tokens=900, output_tokens=50, cached_tokens=400, seconds=1.5, cost=0.02
        )
    assert total(()) == ModelUse()


def test_a_record_without_exchanges_has_none(tmp_path: Path) -> None:
    RunFolder.create(tmp_path / "run", "tidy up", SETTINGS).close()
    assert RunFolder.open(tmp_path / "run").load_exchanges() == ()
    assert used_models(RunFolder.open(tmp_path / "run")) == ModelUse()


_WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=60) | st.just(HOSTILE)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=6,
)


@given(words=_WORDS, answer=_JSON)
def test_whatever_was_said_is_data(tmp_path_factory: pytest.TempPathFactory, words: str, answer: object) -> None:
    out = tmp_path_factory.mktemp("said") / "run"
    said = exchange(
        words, (note(png(1), words),), system=words, model=words, answer=answer, fault=words, turns=(Turn(text=words),)
    )
    with RunFolder.create(out, "tidy up", SETTINGS) as run:
        run.save_exchange(said, by_hash(png(1)))
    assert RunFolder.open(out).load_exchanges() == (said,)
    assert check(out).faults == []
    files = {path.relative_to(out).as_posix() for path in (out / "exchanges").rglob("*") if path.is_file()}
    assert files == {"exchanges/0001.json", f"exchanges/pictures/{note(png(1)).sha256}.png"}


def test_an_answer_that_is_no_unicode_is_written_all_the_same(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path / "run", "tidy up", SETTINGS) as run:
        run.save_exchange(exchange(answer={"word": "a\ud800b"}), {})
        (read,) = run.load_exchanges()
    assert read.answer == {"word": "a?b"}
