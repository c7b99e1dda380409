"""What a conversation does: nothing without approval, corrections that try again, and ways back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conversations import Conversation

from lmp.repl.completion import offers
from lmp.runtime.agent import Agent
from lmp.schema.outcome import Outcome
from lmp.schema.plan import INFEASIBLE, NOT_UNDERSTOOD


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Conversation]:
    monkeypatch.chdir(tmp_path)
    conversation = Conversation(tmp_path)
    yield conversation
    conversation.world.close()


def runs(folder: Path = Path("runs")) -> int:
    return len(list(folder.glob("*/episode.json")))


def test_nothing_moves_without_approval(talk: Conversation):
    before = talk.place_of("red_block")
    assert talk.hear("put the red block in the bowl", "no, I want it elsewhere", "yes", "step") == 0
    assert talk.place_of("red_block") == before
    assert (talk.last.outcome, runs()) == (Outcome.PLANNED, 0)
    assert "Rejected: I want it elsewhere. Nothing was moved." in talk.told.said
    assert [subgoal.skill for subgoal in talk.last.subgoals] == ["pick", "place"]
    assert all(subgoal.reasoning for subgoal in talk.last.subgoals)


def test_an_approved_plan_is_carried_out_as_it_was_edited_and_recorded(talk: Conversation):
    assert talk.hear("put the red block in the bowl", "edit 1 lift 0.2", "2 slower", "yes") == 0
    assert (talk.last.outcome, talk.last.verified) == (Outcome.SUCCEEDED, True)
    assert [subgoal.primitive.speed for subgoal in talk.last.subgoals] == pytest.approx([0.5, 0.32])
    assert talk.last.subgoals[0].primitive.lift == 0.2
    assert runs() == 1
    assert "step 1: lift 0.12 -> 0.2 m" in talk.told.said
    assert "bowl" in (talk.session.scene().get("red_block").touching or ())


def test_step_by_step_with_corrections_from_the_world_before_each(talk: Conversation):
    assert talk.hear("put the red block in the bowl", "step", "a bit higher", "a bit less") == 0
    assert talk.reader.prompts == ["lmp> ", "approve? ", "step 2 of 2? ", "step 2 of 2? ", "step 2 of 2? "]
    held = talk.session.scene().get("red_block")
    assert held.held and held.centre[2] == pytest.approx(0.02 + 0.145, abs=0.003)
    assert [words for words in talk.told.said if "->" in words] == [
        "step 1: lift 0.12 -> 0.17 m",
        "step 1: lift 0.17 -> 0.145 m",
    ]
    assert talk.told.said.count("The world is as it was before that motion; trying again.") == 2
    assert talk.hear("next") == 0
    assert talk.last.verified and runs() == 4


def test_what_comes_next_can_be_rejected_and_what_was_done_stays(talk: Conversation):
    assert talk.hear("put the red block in the bowl", "step", "no, leave it") == 0
    assert talk.told.said[-1] == "Rejected: leave it. What was carried out stays; /undo takes it back."
    assert talk.session.scene().get("red_block").held


def test_a_push_tried_again_begins_where_it_began(talk: Conversation):
    x, y, _ = talk.place_of("ball")
    assert talk.hear("push the ball 5 cm to the left", "yes", "2 cm to the left") == 0
    assert talk.place_of("ball")[:2] == pytest.approx((x, y + 0.07), abs=0.005)
    assert talk.last.verified


def test_the_other_one_takes_its_place_from_the_beginning(talk: Conversation):
    red = talk.place_of("red_block")
    assert talk.hear("put the red block in the bowl", "yes", "no, the other one") == 1
    assert talk.told.said[-1].startswith("In place of red_block: which one, green_block or blue_block or yellow_block?")
    assert talk.hear("the blue one") == 0
    assert talk.place_of("red_block") == pytest.approx(red)
    assert "bowl" in (talk.session.scene().get("blue_block").touching or ())
    assert talk.last.verified


def test_what_cannot_be_done_leaves_world_and_plan_as_they_were(talk: Conversation):
    assert talk.hear("pick up the can", "yes", "50 N firmer") == 1
    assert talk.session.scene().get("can").held
    assert talk.session.current is not None and talk.session.current.steps[0].primitive.force is None
    assert talk.last.outcome is INFEASIBLE
    assert talk.hear("edit 1 lift 0.01", "edit 1 lift 0.2") == 0
    assert talk.last.subgoals[0].primitive.lift == 0.2


def test_undo_takes_back_one_instruction_after_the_other(talk: Conversation):
    talk.session.auto = True
    start = talk.session.scene()
    assert talk.hear("put the red block in the bowl", "pick up the ball", "a bit slower") == 0
    middle = talk.place_of("red_block")
    assert talk.hear("/undo") == 0
    assert talk.place_of("ball") == pytest.approx(tuple(start.get("ball").centre))
    assert talk.place_of("red_block") == pytest.approx(middle)
    assert talk.hear("/undo", "/undo") == 0
    assert talk.place_of("red_block") == pytest.approx(tuple(start.get("red_block").centre))
    assert talk.told.said[-3:] == [
        "The world is as it was before: pick up the ball",
        "The world is as it was before: put the red block in the bowl",
        "There is nothing to take back.",
    ]


def test_a_saved_plan_is_one_that_a_run_takes(talk: Conversation):
    assert talk.hear("pick up the mug", "edit 1 lift 0.07", "/save plan.json", "/save") == 1
    agent = Agent(talk.world, "plan:plan.json")
    assert agent.plan("pick up the mug").subgoals[0].primitive.lift == 0.07


def test_the_exit_status_is_that_of_the_last_instruction(talk: Conversation):
    assert talk.hear("frobnicate the mug") == 1
    assert talk.last.outcome is NOT_UNDERSTOOD
    assert talk.hear("pick up the mug") == 0
    assert talk.hear("edit 1 lift 9") == 1
    assert talk.hear("/nonsense", "# a remark", "") == 1
    assert talk.hear("/scene", "/plan", "/help", "/quit", "frobnicate") == 1


def test_a_plan_that_waits_survives_words_that_nobody_understands(talk: Conversation):
    assert talk.hear("pick up the mug", "frobnicate it", "yes") == 0
    assert talk.session.scene().get("mug").held


def test_the_scene_is_a_table_of_all_objects(talk: Conversation):
    assert talk.hear("/scene") == 0
    names = [row[0] for row in talk.told.tables[0]]
    assert names == list(talk.session.scene().names)
    assert talk.told.tables[0][1][3:6] == tuple(f"{value:.3f}" for value in talk.place_of("red_block"))


def test_ctrl_c_twice_leaves_and_once_does_not(talk: Conversation):
    def press() -> str:
        raise KeyboardInterrupt

    assert talk.hear(press, "/auto on", press, "pick up the mug", press, press, "put it down") == 0
    assert talk.session.scene().get("mug").held
    assert talk.reader.lines == ["put it down"]


def test_completion_offers_commands_objects_skills_and_fields(talk: Conversation):
    talk.hear("pick up the mug")
    assert [offer.text for offer in offers("/s", talk.session)] == ["/scene", "/save"]
    assert [offer.text for offer in offers("put the red_", talk.session)] == ["red_block"]
    assert "push" in [offer.text for offer in offers("pu", talk.session)]
    assert [(offer.text, offer.what) for offer in offers("edit 1 li", talk.session)] == [("lift", "field")]
