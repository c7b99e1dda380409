"""Wrong use from Python is refused in words, before anything is opened or recorded."""

from pathlib import Path
from typing import Any

import pytest

import lmp


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"instruction": 3}, "An instruction is a text, got int."),
        ({"seed": "3"}, "seed takes a whole number from 0 to 4294967295, got '3'."),
        ({"gui": "no"}, "gui takes True or False, got 'no'."),
        ({"pictures": None}, "pictures takes True or False, got None."),
        ({"report": "no"}, "report takes True or False, got 'no'."),
        ({"planner": None}, "planner takes an object with decompose, propose; NoneType has no decompose, propose."),
        ({"planner": dict}, "got the class dict: pass dict(...)."),
        ({"model": {"base_url": "x"}}, "model takes a lmp.model_settings.ModelSettings, got dict."),
        ({"listener": print}, "listener takes an object with event, progress; builtin_function_or_method has no"),
        ({"before_verify": 3}, "before_verify= takes a function that is called before each verification"),
        ({"approve": "yes"}, "approve= takes a function that is asked before each motion, got 'yes'."),
        ({"world": None}, "world takes an object with spec, robot, rate_hz, observe, settle, close; NoneType has no spec"),
        ({"sed": 3}, "lmp.run takes no sed=. Did you mean 'seed'? Known: instruction, world, seed,"),
        ({"budgets": 3}, "lmp.run takes no budgets=. Did you mean 'budget'?"),
        ({"perceiver": 3}, "lmp.run takes no perceiver=; lmp.Agent does"),
    ],
    ids=str,
)
def test_what_run_cannot_take_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: dict[str, Any], words: str):
    monkeypatch.chdir(tmp_path)
    options = {"world": "kinematic:tabletop", "instruction": "go home", "pictures": False, **said}
    with pytest.raises(lmp.SetupFault) as caught:
        lmp.run(**options)
    assert words in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"skills": ["pick"]}, "skills takes skills by their names, such as {'hover': HoverSkill()}, got list."),
        ({"skills": {"hover": 3}}, "skills['hover'] takes an object with spec, candidates, predict; int has no spec"),
        ({"perceiver": 3}, "perceiver takes an object with perceive; int has no perceive."),
        ({"executor": "fast"}, "executor takes an object with execute; str has no execute."),
        ({"verifier": dict}, "verifier takes an object with verify, got the class dict"),
    ],
    ids=str,
)
def test_what_an_agent_cannot_be_made_of_is_said(said: dict[str, Any], words: str):
    with lmp.open_world("kinematic:tabletop") as world, pytest.raises(lmp.SetupFault) as caught:
        lmp.Agent(world, **said)
    assert words in str(caught.value)


def test_an_address_is_not_an_open_world():
    with pytest.raises(
        lmp.SetupFault, match=r"world takes an open world, got the address 'tabletop': open it with lmp.open_world"
    ):
        lmp.Agent("tabletop")  # type: ignore[arg-type]


def test_resume_says_what_it_does_not_take():
    with pytest.raises(lmp.SetupFault, match=r"lmp.resume takes no budget=\. Known: run, planner, listener, approve"):
        lmp.resume("run", budget=3)
