"""The scripts that provoke the failures of docs/failures.md still do: each code has its cause, and causes have their effect."""

from __future__ import annotations

import importlib
import io
import json
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from lmp.meaning.failures import OBJECT_MISSING
from lmp.schema.outcome import Outcome
from lmp.schema.plan import AMBIGUOUS

DOCS = Path(__file__).parents[2] / "docs"
RECORDED = json.loads((DOCS / "images" / "failures" / "recorded.json").read_text(encoding="utf-8"))


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch):
    """Imports one of the scripts by name."""
    monkeypatch.syspath_prepend(DOCS / "failures")

    def script(name: str) -> ModuleType:
        return importlib.import_module(name)

    return script


def test_every_failure_has_one_cause(load) -> None:
    codes = [cause.outcome.value for cause in load("causes").CAUSES] + list(load("record").SHOWN)
    assert sorted(codes) == sorted(outcome.value for outcome in Outcome.all() if outcome not in load("page").MET)


@pytest.mark.parametrize("outcome", [AMBIGUOUS, OBJECT_MISSING])
def test_a_cause_has_its_effect_again(load, outcome: Outcome) -> None:
    cause = next(cause for cause in load("causes").CAUSES if cause.outcome is outcome)
    facts, picture = load("provoke").provoke(cause)
    earlier = RECORDED["failures"][outcome.value]
    assert facts["ended"] == earlier["ended"]
    assert bool(facts["evidence"]) == bool(earlier["evidence"])
    assert not facts["verified"]
    with Image.open(io.BytesIO(picture)) as image:
        assert (image.format, image.size) == ("PNG", (480, 360))
    assert len(picture) < 60_000


def test_every_check_that_gave_a_code_still_gives_it(load) -> None:
    assert load("verdicts").examples().keys() == RECORDED["violations"].keys()
