"""One teller: the record and every listener hear the same events in the same order."""

from pathlib import Path

import pytest

import lmp
from lmp.record import RunFolder
from lmp.record.check import check
from lmp.runtime.agent import Agent
from lmp.runtime.flow.telling import Silence, Telling

SENTENCE = "put the red block in the bowl"


class Heard(Silence):
    """Keeps the names of the events, and the last of the progress."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.fraction = 0.0

    def event(self, name: str, **data: object) -> None:
        self.names.append(name)

    def progress(self, fraction: float) -> None:
        self.fraction = fraction


def test_the_record_and_all_listeners_hear_the_same(tmp_path: Path):
    first, second, later = Heard(), Heard(), Heard()
    with lmp.open_world("kinematic:tabletop", seed=3) as world:
        agent = Agent(world, listener=first)
        with agent.heard_by(second):
            agent.run(SENTENCE, out=tmp_path / "run", pictures=False, report=False)
        with agent.heard_by(later):
            agent.plan("put the blue block on the tray")
    recorded = [event.name for event in RunFolder.open(tmp_path / "run").events()]
    assert second.names == recorded
    assert first.names == [*recorded, "previewed"]
    assert later.names == ["previewed"]
    assert first.fraction == second.fraction == 1.0
    assert later.fraction == 0.0


@pytest.mark.parametrize("event", ["closed", "concluded"])
def test_a_listener_that_fails_leaves_a_whole_record(tmp_path: Path, event: str):
    class Broken(Silence):
        def event(self, name: str, **data: object) -> None:
            if name == event:
                raise ValueError("a listener of somebody's")

    with lmp.open_world("kinematic:tabletop", seed=3) as world, pytest.raises(ValueError, match="a listener of somebody's"):
        Agent(world, listener=Broken()).run(SENTENCE, out=tmp_path / "run", pictures=False, report=False)
    assert RunFolder.open(tmp_path / "run").finished
    assert check(tmp_path / "run").faults == []


def test_what_is_not_kept_is_not_heard():
    class Full(Silence):
        def event(self, name: str, **data: object) -> None:
            raise OSError("No space left on device")

    heard = Heard()
    with pytest.raises(OSError, match="No space left"):
        Telling((Full(), heard)).tell("perceived")
    assert heard.names == []
