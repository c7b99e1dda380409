import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmp.errors import SetupFault
from lmp.primitives.dmp.gripper_events import GripperCue, timed

cues = st.builds(
    GripperCue,
    action=st.sampled_from(["open", "close"]),
    phase=st.floats(0.0, 1.0),
    width=st.floats(0.0, 0.08),
    force=st.floats(1.0, 70.0),
)


def test_a_cue_at_a_phase_is_an_event_at_a_time():
    event, *others = timed([GripperCue("close", 0.95, 0.02, 30.0)], start=1.0, duration=2.0)
    assert (event.t, event.action, event.width, event.force) == (pytest.approx(2.9), "close", 0.02, 30.0)
    assert others == []


@given(st.lists(cues, max_size=6), st.floats(0.0, 10.0), st.floats(0.01, 10.0))
def test_events_are_in_order_inside_their_segment_and_complete(several, start, duration):
    events = timed(several, start, duration)
    times = [event.t for event in events]
    assert times == sorted(times)
    assert all(start <= t <= start + duration for t in times)
    assert sorted((event.action, event.width) for event in events) == sorted((cue.action, cue.width) for cue in several)


def test_cues_at_one_phase_keep_their_order():
    pair = [GripperCue("open", 0.5, 0.08, 20.0), GripperCue("close", 0.5, 0.0, 20.0)]
    assert [event.action for event in timed(pair, 0.0, 1.0)] == ["open", "close"]


def test_phases_outside_the_segment_are_refused():
    with pytest.raises(SetupFault, match=r"phase 1.2 came; the phase has to lie in \[0, 1\]"):
        GripperCue("open", 1.2, 0.08, 20.0)


@pytest.mark.parametrize(("start", "duration"), [(-1.0, 1.0), (0.0, 0.0)])
def test_impossible_segments_are_refused(start, duration):
    with pytest.raises(SetupFault, match="have to hold"):
        timed([], start, duration)
