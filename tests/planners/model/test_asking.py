"""One question: re-asked with everything that is wrong, within the budget, and on record whatever happens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import pytest
from asked_for import CUP, FRONT, PROMPT, SYSTEM, USER, Kept, Pick
from loopback.server import Loopback
from pydantic import JsonValue

from lmp.model_settings import ModelSettings, Prices
from lmp.planners.model.asking import Asker
from lmp.planners.model.faults import AnswerTruncated, ModelBudgetSpent, NotValid, ServerFault, UnknownModel
from lmp.planners.model.openai_client import OpenAIClient
from lmp.schema.budget import Budget
from lmp.schema.exchange import ModelUse


def asker(loopback: Loopback, kept: Kept | None = None, **settings: Any) -> Asker:
    settled = ModelSettings(**{"base_url": loopback.url, "retries": 0, **settings})
    return Asker(OpenAIClient("tiny", settled), settled, None if kept is None else kept.backing)


def ask(asker: Asker, **more: Any) -> Pick:
    return asker.ask(question="ground", prompt=PROMPT, answer=Pick, pictures=(FRONT,), **more)


def no_bowl(raw: JsonValue, answer: Pick | None) -> Sequence[str]:
    name = raw.get("name") if isinstance(raw, dict) else None
    return [f"name: there is no {name!r} in the scene. Objects: 'cup'."] if name == "bowl" else []


def test_a_right_answer_takes_one_call_and_is_on_record(loopback: Loopback) -> None:
    kept = Kept()
    loopback.answer(CUP)
    one = asker(loopback, kept, temperature=0.5)
    assert ask(one) == Pick(**CUP)
    exchange = kept.exchanges[0]
    assert (exchange.question, exchange.prompt, exchange.version, exchange.sha256) == ("ground", "ground", "1", "0" * 64)
    assert (exchange.model, exchange.system, exchange.user) == ("openai:tiny", SYSTEM, USER)
    assert exchange.parameters == one.client.parameters
    assert exchange.answer_schema == Pick.model_json_schema()
    assert (exchange.answer, exchange.fault) == (CUP, "")
    (turn,) = exchange.turns
    assert (json.loads(turn.text), turn.complaints, turn.usage.input_tokens) == (CUP, (), 1200)
    (note,) = exchange.pictures
    assert (note.label, note.sha256) == ("camera front", hashlib.sha256(FRONT.png).hexdigest())
    assert kept.files == {note.sha256: FRONT.png}
    assert (one.use.questions, one.use.calls, one.use.input_tokens, one.use.output_tokens) == (1, 1, 1200, 80)


def test_everything_that_is_wrong_goes_back_at_once(loopback: Loopback) -> None:
    """Two faults of form and one of the scene, in one answer; the second answer is right."""
    kept = Kept()
    loopback.answer({"name": "bowl", "height": 7.0, "partz": []}).answer(CUP)
    one = asker(loopback, kept)
    assert ask(one, check=no_bowl).name == "cup"
    told = loopback.requests[1].body["messages"][-1]["content"]
    wrong = kept.exchanges[0].turns[0].complaints
    assert len(wrong) == 3
    assert all(f"{number}. {complaint}" in told for number, complaint in enumerate(wrong, 1))
    assert any("height" in line and "0.5" in line and "7.0" in line for line in wrong), "what came and what is allowed"
    assert any("partz: there is no such field. Did you mean 'parts'?" in line for line in wrong), "the nearest name"
    assert wrong[-1] == "name: there is no 'bowl' in the scene. Objects: 'cup'."
    assert (kept.exchanges[0].answer, kept.exchanges[0].fault, one.use.calls) == (CUP, "", 2)


def test_the_check_gets_the_answer_where_its_form_is_right_and_its_json_always(loopback: Loopback) -> None:
    loopback.answer({"name": 3}).answer(CUP)
    seen: list[tuple[JsonValue, Pick | None]] = []

    def check(raw: JsonValue, answer: Pick | None) -> Sequence[str]:
        seen.append((raw, answer))
        return ()

    ask(asker(loopback), check=check)
    assert seen == [({"name": 3}, None), (CUP, Pick(**CUP))]


def test_an_answer_that_fits_its_form_and_not_the_scene(loopback: Loopback) -> None:
    loopback.answer({**CUP, "name": "bowl"}).answer(CUP)
    assert ask(asker(loopback), check=no_bowl).name == "cup"


@pytest.mark.parametrize("reasks", [0, 2])
def test_re_asks_end(loopback: Loopback, reasks: int) -> None:
    kept = Kept()
    loopback.always(lambda _: {"name": "", "height": 0.1})
    with pytest.raises(NotValid, match=rf"gave no valid answer to 'ground' in {reasks + 1} tr.*Of the last one: name:"):
        ask(asker(loopback, kept, reasks=reasks))
    assert len(loopback.requests) == reasks + 1
    (exchange,) = kept.exchanges
    assert len(exchange.turns) == reasks + 1
    assert exchange.answer is None
    assert exchange.fault.startswith("openai:tiny gave no valid answer")
    assert len(loopback.requests[-1].body["messages"]) == 2 + 2 * reasks, "all earlier answers go along"


@pytest.mark.parametrize(
    ("budget", "used", "seconds_left", "words"),
    [
        (Budget(calls=5), ModelUse(calls=5), 100.0, "all 5 calls of models are used"),
        (Budget(tokens=100), ModelUse(input_tokens=60, output_tokens=40), 100.0, "100 of the 100 tokens"),
        (Budget(cost=0.5), ModelUse(cost=0.6), 100.0, "0.6000 USD of the 0.5000 USD"),
        (Budget(), ModelUse(), 0.0, "all 900 s of the run are used"),
    ],
)
def test_nothing_is_asked_when_the_budget_is_spent(
    loopback: Loopback, budget: Budget, used: ModelUse, seconds_left: float, words: str
) -> None:
    kept = Kept(budget, used, seconds_left)
    with pytest.raises(ModelBudgetSpent, match=f"openai:tiny is not asked any more: {words}"):
        ask(asker(loopback, kept))
    assert loopback.requests == []
    assert (kept.exchanges[0].turns, words in kept.exchanges[0].fault) == ((), True)


def test_the_budget_ends_the_re_asks_too(loopback: Loopback) -> None:
    kept = Kept(Budget(calls=3), ModelUse(calls=1))
    loopback.always(lambda _: "no")
    with pytest.raises(ModelBudgetSpent, match="all 3 calls"):
        ask(asker(loopback, kept))
    assert (len(loopback.requests), len(kept.exchanges[0].turns)) == (2, 2)


def test_money_counts_from_what_the_run_used_before(loopback: Loopback) -> None:
    prices = Prices(input=1000.0, output=1000.0)
    kept = Kept(Budget(cost=2.0), ModelUse(cost=0.5))
    loopback.always(lambda _: "no")
    with pytest.raises(ModelBudgetSpent, match=r"3\.0600 USD of the 2\.0000 USD"):
        ask(one := asker(loopback, kept, prices=prices))
    assert one.use.cost == pytest.approx(2 * 1.28), "what it used itself, without what was before"


def test_the_time_that_is_left_bounds_a_call(loopback: Loopback) -> None:
    loopback.fault("slow")
    with pytest.raises(ServerFault, match=r"no answer within 0\.2 s"):
        ask(asker(loopback, Kept(seconds_left=0.2)))


def test_faults_are_on_record_with_what_they_cost(loopback: Loopback) -> None:
    kept = Kept()
    loopback.answer('{"name": "cu', stop="length").fault("no_model")
    one = asker(loopback, kept)
    with pytest.raises(AnswerTruncated):
        ask(one)
    with pytest.raises(UnknownModel):
        ask(one)
    cut, unknown = kept.exchanges
    assert (cut.turns[0].text, cut.turns[0].usage.output_tokens) == ('{"name": "cu', 80)
    for exchange in (cut, unknown):
        assert exchange.turns[-1].complaints == (exchange.fault,)
        assert exchange.answer is None
    assert (one.use.questions, one.use.calls, one.use.output_tokens) == (2, 2, 80)


def test_what_breaks_in_the_check_is_on_record_and_not_swallowed(loopback: Loopback) -> None:
    kept = Kept()
    loopback.answer(CUP)
    with pytest.raises(ZeroDivisionError):
        ask(asker(loopback, kept), check=lambda raw, answer: [str(1 // 0)])
    assert kept.exchanges[0].fault == "the question was interrupted"


def test_outside_of_a_run_nothing_is_kept(loopback: Loopback) -> None:
    loopback.answer("no").answer(CUP)
    one = asker(loopback)
    assert ask(one).name == "cup"
    assert one.use.calls == 2
