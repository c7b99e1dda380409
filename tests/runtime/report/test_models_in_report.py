"""What was asked of models, in the report and in the terminal."""

from __future__ import annotations

import hashlib
import io
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lmp.cli.main import call
from lmp.record import RunFolder
from lmp.record.check import check
from lmp.runtime.report import write_report
from lmp.runtime.report.model_rows import model_words
from lmp.schema.episode import Episode
from lmp.schema.exchange import Exchange, ModelUse, PictureNote, Turn, Usage
from lmp.schema.outcome import Outcome

HOSTILE = '<script>alert(1)</script>\'"><img src=x onerror=y>{{7*7}}" href="javascript:alert(1)'
USE = ModelUse(questions=2, calls=3, input_tokens=12345, output_tokens=678, cached_tokens=9000, seconds=4.25, cost=0.0312)


class Page(HTMLParser):
    """What a browser would find."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


def png(width: int = 400) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, 300), (200, 30, 30)).save(file, format="PNG")
    return file.getvalue()


def exchange(words: str, turns: tuple[Turn, ...], seen: bytes | None = None, **fields: object) -> Exchange:
    notes = () if seen is None else (PictureNote(label=words, sha256=hashlib.sha256(seen).hexdigest(), width=400, height=300),)
    return Exchange.model_validate(
        {
            "question": "decompose",
            "prompt": "decompose",
            "version": words,
            "sha256": "0" * 64,
            "model": words,
            "system": words,
            "user": words,
            "answer_schema": {},
            "turns": turns,
            "pictures": notes,
            **fields,
        }
    )


def record(out: Path, words: str, models: ModelUse | None = USE, seen: bytes | None = None) -> RunFolder:
    """A run with an exchange that needed a re-ask, and one that got no answer."""
    run = RunFolder.create(out, "tidy up", {"world": "tabletop"})
    told = Usage(input_tokens=1100, output_tokens=60, cost=0.02)
    turns = (Turn(text="no", complaints=(f"wrong: {words}",), usage=told, seconds=1.25), Turn(text="{}", seconds=0.5))
    with run:
        run.save_exchange(exchange(words, turns, seen), {} if seen is None else {hashlib.sha256(seen).hexdigest(): seen})
        run.save_exchange(exchange(words, (Turn(text="", complaints=(words,)),), question="ground", fault=words or "none"), {})
        run.save_episode(
            Episode(
                outcome=Outcome.PLANNER_FAILED, verified=False, instruction="tidy up", world="tabletop", seed=0, robot="panda",
                planner="openai:m", seconds=3.0, models=models, run=str(out),
            )
        )  # fmt: skip
        write_report(run)
    return run


def page_of(run: RunFolder) -> Page:
    return Page((run.path / "report.html").read_text())


def test_the_section_has_the_sums_the_reasks_and_the_pictures(tmp_path: Path) -> None:
    seen = png()
    page = page_of(record(tmp_path / "run", "the mug", seen=seen))
    for words in (
        "Models",
        "12\u00a0345",
        "9\u00a0000",
        "$0.0312",
        "answer 1",
        "wrong: the mug",
        "No answer: the mug",
        "1\u00a0100",
    ):
        assert words in page.text, words
    (thumbnail,) = [attributes for tag, attributes in page.tags if tag == "img"]
    assert str(thumbnail["src"]).startswith("data:image/jpeg;base64,")
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert links == [
        "exchanges/0001.json",
        f"exchanges/pictures/{hashlib.sha256(seen).hexdigest()}.png",
        "exchanges/0002.json",
    ]
    assert all((tmp_path / "run" / str(link)).is_file() for link in links)
    assert check(tmp_path / "run").faults == []


def test_a_run_that_asked_no_model_has_no_section(tmp_path: Path) -> None:
    assert "Models" not in page_of(record(tmp_path / "run", "the mug", models=None)).text


def test_a_damaged_exchange_or_picture_is_said_and_the_page_is_there(tmp_path: Path) -> None:
    run = record(tmp_path / "run", "the mug", seen=png())
    (tmp_path / "run" / "exchanges" / "0002.json").write_text("{}")
    (picture,) = (tmp_path / "run" / "exchanges" / "pictures").iterdir()
    picture.write_bytes(png(300))
    with RunFolder.open(run.path) as damaged:
        from lmp.runtime.report.model_rows import exchange_rows

        first, second = exchange_rows(damaged)
    assert (first.thumbnails[0].source, first.missing) == ("", "")
    assert "It was changed" in second.missing


def test_what_is_no_picture_is_not_shown(tmp_path: Path) -> None:
    page = page_of(record(tmp_path / "run", "the mug", seen=b"GIF89a<script>alert(1)</script>"))
    assert [tag for tag, _ in page.tags if tag in ("img", "script")] == []
    assert "the mug (cannot be shown)" in page.words


@settings(max_examples=25)
@given(words=st.text(st.characters(exclude_categories=("Cs",)), max_size=100) | st.just(HOSTILE))
def test_whatever_was_said_is_text(tmp_path_factory: pytest.TempPathFactory, words: str) -> None:
    page = page_of(record(tmp_path_factory.mktemp("said") / "run", words, seen=png(8)))
    assert {tag for tag, _ in page.tags} & {"script", "iframe", "x"} == set()
    assert all(not name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert all(str(attributes.get("href", "#")).startswith(("#", "exchanges/")) for _, attributes in page.tags)


def test_show_says_it_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(tmp_path / "run", "the mug")
    assert call(["show", str(tmp_path / "run")]) == 0
    out = capsys.readouterr().out.replace("\u00a0", " ")
    assert "models  2 questions, 3 calls, 12 345 tokens sent (9 000 cached), 678 answered, 4.2 s, cost $0.0312\n" in out


def test_a_run_that_was_cut_off_tells_it_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with RunFolder.create(tmp_path / "run", "tidy up", {"world": "tabletop", "seed": 0}) as run:
        run.save_exchange(exchange("the mug", (Turn(text="{}", seconds=1.5),)), {})
    assert call(["show", str(tmp_path / "run")]) == 0
    assert "models  1 question, 1 call, 0 tokens sent, 0 answered, 1.5 s, cost unknown" in capsys.readouterr().out
    (tmp_path / "run" / "exchanges" / "0001.json").write_text("{}")
    assert call(["show", str(tmp_path / "run")]) == 0
    assert "It was changed" in " ".join(capsys.readouterr().out.split())


def test_one_of_each_and_an_unknown_price() -> None:
    words = model_words(ModelUse(questions=1, calls=1, input_tokens=5, output_tokens=7, seconds=0.0))
    assert words == "1 question, 1 call, 5 tokens sent, 7 answered, 0.0 s, cost unknown"
