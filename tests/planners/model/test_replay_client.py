"""A recorded run answers again as it answered then; what was not recorded is said."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pydantic import Field, JsonValue

from lmp.errors import BadFile, PlannerFault, SetupFault
from lmp.model_settings import ModelSettings
from lmp.planners.model.asking import Asker
from lmp.planners.model.faults import ModelFault, ModelRefused, NotValid
from lmp.planners.model.replay_client import NotRecorded, ReplayClient
from lmp.planners.model.request import Picture, PromptText, Reply, Request
from lmp.record import RunFolder
from lmp.record.check import check
from lmp.schema.base import Model, Name
from lmp.schema.budget import Budget
from lmp.schema.exchange import ModelUse, Usage
from lmp.stages import Backing

HOSTILE = "{{7*7}} $(rm -rf ~) ../../etc/passwd\n<script>alert(1)</script>\u202e"
SETTINGS = {"world": "tabletop", "seed": 3, "robot": "panda", "planner": "openai:m"}


class Choice(Model):
    """An answer."""

    object: Name
    distance: Annotated[float, Field(ge=0.0, le=0.5, description="how far [m]")]


class Scripted:
    """A client whose answers were written down before; an exception is raised in its place."""

    name = "openai:m"

    def __init__(self, answers: Sequence[str | Exception]):
        self._answers: Iterator[str | Exception] = iter(answers)
        self.parameters: dict[str, JsonValue] = {"temperature": 0.0}

    def reply(self, request: Request) -> Reply:
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return Reply(answer, Usage(input_tokens=100, output_tokens=7, cost=0.001))


def picture(grey: int) -> Picture:
    file = io.BytesIO()
    Image.new("RGB", (8, 6), (grey, grey, grey)).save(file, format="PNG")
    return Picture("camera front", file.getvalue(), 8, 6)


def prompt(user: str, system: str = "You plan.") -> PromptText:
    return PromptText("ground", "1", "0" * 64, system, user)


def asker(client: object, run: RunFolder | None, **settings: object) -> Asker:
    backing = None
    if run is not None:
        backing = Backing(
            compile=lambda *_: pytest.fail("nothing is compiled here"),
            keep=run.save_exchange,
            budget=Budget(),
            used=ModelUse(),
            seconds_left=lambda: 60.0,
        )
    return Asker(client, ModelSettings(**settings), backing)  # type: ignore[arg-type]


def only_mug(taken: JsonValue, answer: Choice | None) -> list[str]:
    """A check in the scene: there is nothing but a mug."""
    return [] if answer is None or answer.object == "mug" else [f"object: there is no {answer.object!r}. Objects: 'mug'."]


def said(name: str, distance: object = 0.1) -> str:
    return json.dumps({"object": name, "distance": distance})


def ask(one: Asker, user: str, *, pictures: Sequence[Picture] = (), question: str = "ground", **words: str) -> Choice:
    return one.ask(question=question, prompt=prompt(user, **words), answer=Choice, pictures=pictures, check=only_mug)


def record(folder: Path, answers: Sequence[str | Exception], asked: Sequence[str | tuple[str, Picture]]) -> Path:
    """A run in which these questions were asked and these answers came."""
    with RunFolder.create(folder, "push the mug", SETTINGS) as run:
        one = asker(Scripted(answers), run)
        for words in asked:
            user, seen = (words, ()) if isinstance(words, str) else (words[0], (words[1],))
            try:
                ask(one, user, pictures=seen)
            except PlannerFault:
                continue
    return folder


def test_a_run_with_reasks_comes_again_answer_by_answer(tmp_path: Path) -> None:
    answers = ["not JSON", said("cup"), said("mug", 0.2), said("mug", 9), said("mug", 0.3)]
    then = record(tmp_path / "then", answers, ["first", "second"])
    with RunFolder.create(tmp_path / "now", "push the mug", SETTINGS) as run:
        again = asker(ReplayClient(then), run)
        assert [ask(again, words).distance for words in ("first", "second")] == [0.2, 0.3]
    before, after = (RunFolder.open(folder).load_exchanges() for folder in (then, tmp_path / "now"))
    for old, new in zip(before, after, strict=True):
        assert [(turn.text, turn.complaints) for turn in new.turns] == [(turn.text, turn.complaints) for turn in old.turns]
        assert (new.answer, new.user, new.answer_schema, new.fault) == (old.answer, old.user, old.answer_schema, "")
        assert (new.model, new.parameters) == (f"replay:{then}", {"recorded models": ["openai:m"]})
    assert [len(exchange.turns) for exchange in after] == [3, 2]
    assert (again.use.calls, again.use.input_tokens, again.use.cost) == (5, 0, 0.0)
    # A replay is a run like any other: it can be replayed.
    assert ask(asker(ReplayClient(tmp_path / "now"), None), "second").distance == 0.3
    assert check(tmp_path / "now").faults == []


def test_the_order_of_the_questions_does_not_matter(tmp_path: Path) -> None:
    then = record(tmp_path / "then", [said("mug", 0.1), said("mug", 0.2)], ["first", "second"])
    again = asker(ReplayClient(then), None)
    assert [ask(again, words).distance for words in ("second", "first", "second")] == [0.2, 0.1, 0.2]


def test_equal_questions_are_answered_in_their_order_and_the_last_answer_stays(tmp_path: Path) -> None:
    answers = [said("cup", 0.1), said("mug", 0.1), said("cup", 0.1), said("mug", 0.2), said("mug", 0.3)]
    then = record(tmp_path / "then", answers, ["same", "same", "same"])
    again = asker(ReplayClient(then), None)
    assert [ask(again, "same").distance for _ in range(4)] == [0.1, 0.2, 0.3, 0.3]


def test_pictures_decide_only_where_the_words_do_not(tmp_path: Path) -> None:
    asked = [("same", picture(1)), ("same", picture(2)), ("other", picture(1))]
    then = record(tmp_path / "then", [said("mug", 0.1), said("mug", 0.2), said("mug", 0.3)], asked)
    again = asker(ReplayClient(then), None)
    assert ask(again, "same", pictures=[picture(2)]).distance == 0.2
    assert ask(again, "same", pictures=[picture(1)]).distance == 0.1
    assert ask(again, "same", pictures=[picture(3)]).distance == 0.1
    assert ask(again, "other", pictures=[picture(9)]).distance == 0.3


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"user": "go\nto 0.31\nnow"}, r"line 2 of the user text is 'to 0\.31', recorded is 'to 0\.30'\."),
        ({"user": "go\nto 0.30"}, r"line 3 of the user text is missing, recorded is 'now'\."),
        ({"user": "go\nto 0.30\nnow", "system": "You plan well."}, r"line 1 of the system text is 'You plan well\.'"),
        ({"user": "go\nto 0.30\nnow", "question": "correct"}, r"it asked another question: 'ground'\."),
    ],
)
def test_what_was_not_recorded_says_where_it_parts_from_the_nearest(
    tmp_path: Path, asked: dict[str, str], expected: str
) -> None:
    then = record(tmp_path / "then", [said("mug"), said("mug")], ["something\nelse", "go\nto 0.30\nnow"])
    with pytest.raises(NotRecorded, match=rf"nearest is exchange 2 of 2 \('ground'\); {expected}"):
        ask(asker(ReplayClient(then), None), **asked)


def test_a_late_difference_in_a_long_line_is_shown(tmp_path: Path) -> None:
    then = record(tmp_path / "then", [said("mug")], ["x" * 5000 + " red"])
    with pytest.raises(NotRecorded, match=r"\.\.\.'x+ blue', recorded is \.\.\.'x+ red'\."):
        ask(asker(ReplayClient(then), None), "x" * 5000 + " blue")


def test_another_schema_is_another_question(tmp_path: Path) -> None:
    class Wider(Choice):
        """An answer with more in it."""

        grip: Annotated[float, Field(ge=0.0, le=70.0, description="grip force [N]")] = 20.0

    then = record(tmp_path / "then", [said("mug")], ["go"])
    with pytest.raises(NotRecorded, match="of the answer's schema"):
        asker(ReplayClient(then), None).ask(question="ground", prompt=prompt("go"), answer=Wider)


def test_other_complaints_than_then_are_told(tmp_path: Path) -> None:
    then = record(tmp_path / "then", [said("cup"), said("mug")], ["go"])
    again = asker(ReplayClient(then), None)
    expected = r"""asked again after 1 answers.*was wrong: "object: there is no 'cup'.*now: 'no cups'"""
    with pytest.raises(NotRecorded, match=expected):
        again.ask(question="ground", prompt=prompt("go"), answer=Choice, check=lambda *_: ["no cups"])


def test_a_question_without_an_answer_ends_so_again(tmp_path: Path) -> None:
    refused, cups = ModelRefused("The model declined.", text="I would rather not."), [said("cup")] * 4
    then = record(tmp_path / "then", [refused, *cups, said("mug")], ["declined", "never right", "fine"])
    with RunFolder.create(tmp_path / "now", "push the mug", SETTINGS) as run:
        again = asker(ReplayClient(then), run)
        with pytest.raises(ModelFault, match="As recorded: The model declined"):
            ask(again, "declined")
        with pytest.raises(NotValid, match="gave no valid answer to 'ground' in 4 tries"):
            ask(again, "never right")
        assert ask(again, "fine").object == "mug"
        assert run.load_exchanges()[0].turns[0].text == "I would rather not."


def test_more_reasks_than_then_say_that_there_are_no_more_answers(tmp_path: Path) -> None:
    then = record(tmp_path / "then", [said("cup")] * 4, ["never right"])
    with pytest.raises(NotRecorded, match=r"it ended after 4 answers: .* gave no valid answer"):
        ask(asker(ReplayClient(then), None, reasks=6), "never right")


def test_a_run_is_found_by_its_name_below_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    record(tmp_path / "runs" / "mine", [said("mug")], ["go"])
    client = ReplayClient(Path("mine"))
    assert (client.name, ask(asker(client, None), "go").object) == ("replay:mine", "mug")
    with pytest.raises(SetupFault, match="There is no run folder 'mime'"):
        ReplayClient(Path("mime"))


def test_a_run_that_asked_no_model_says_how_it_comes_again(tmp_path: Path) -> None:
    words = "put 'it' in; rm -rf ~"
    RunFolder.create(tmp_path / "run", words, {**SETTINGS, "planner": "scripted"}).close()
    with pytest.raises(SetupFault) as fault:
        ReplayClient(tmp_path / "run")
    assert "asked no model (its planner was 'scripted')" in str(fault.value)
    command = """lmp run 'put '"'"'it'"'"' in; rm -rf ~' --world tabletop --robot panda --seed 3 --planner scripted"""
    assert str(fault.value).endswith(command)


def test_a_record_that_was_changed_is_not_replayed(tmp_path: Path) -> None:
    then = record(tmp_path / "then", [said("mug")], ["go"])
    path = then / "exchanges" / "0001.json"
    path.write_text(path.read_text().replace("mug", "cup"))
    with pytest.raises(BadFile, match="It was changed"):
        ReplayClient(then)


@given(user=st.text(max_size=80) | st.just(HOSTILE), answer=st.text(max_size=80) | st.just(HOSTILE))
def test_whatever_was_said_comes_again(tmp_path_factory: pytest.TempPathFactory, user: str, answer: str) -> None:
    then = record(tmp_path_factory.mktemp("said") / "then", [answer, said("mug", 0.4)], [user])
    again = asker(ReplayClient(then), None)
    assert ask(again, user).distance == 0.4
    with pytest.raises(NotRecorded) as fault:
        ask(again, user + "!")
    assert str(fault.value).replace("\n", "").isprintable()
