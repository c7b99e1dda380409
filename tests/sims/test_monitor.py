from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import numpy as np
import pytest
from monitored_run import Hook, MonitoredRun

from lmp.execution.monitoring.outcome_of import UNEXPECTED_CONTACT
from lmp.meaning.conditions import InTarget, OnTarget
from lmp.meaning.failures import DROPPED, MISSED_GRASP, OBJECT_MISSING, OBJECT_MOVED
from lmp.primitives.skills.pick import PickParameters
from lmp.primitives.skills.place import PlaceParameters
from lmp.primitives.skills.push import PushParameters
from lmp.schema.findings import Execution
from lmp.schema.outcome import Outcome
from lmp.schema.scene import Scene
from lmp.schema.trajectory import Segment

PICK = PickParameters(object="red_block")
INTO_BOWL = PlaceParameters(object="red_block", target=InTarget(container="bowl"))
PUSH = PushParameters(object="blue_block", dx=0.0, dy=0.06)


@pytest.fixture
def run() -> Iterator[MonitoredRun]:
    made = MonitoredRun(seed=1)
    with closing(made.world):
        yield made


@pytest.fixture(params=["pybullet", "kinematic"])
def either(request: pytest.FixtureRequest) -> Iterator[MonitoredRun]:
    """A run in each of the worlds."""
    made = MonitoredRun(seed=1, world=request.param)
    with closing(made.world):
        yield made


def once(name: str, share: float, act: Callable[[], None]) -> Hook:
    """Acts once, in a segment, when a share of it is done."""
    done: list[bool] = []

    def hook(segment: Segment, fraction: float) -> None:
        if segment.name == name and fraction >= share and not done:
            done.append(True)
            act()

    return hook


def assert_stopped_well(run: MonitoredRun, execution: Execution) -> None:
    """At rest, on the way, within limits, and the fingers untouched since the command before the stop."""
    assert np.abs(run.world.robot.get_observation().velocities).max() <= 0.011
    assert execution.duration < run.trajectory.duration
    assert max(run.shares_of_limits()) <= 1.0
    assert (execution.velocity, execution.acceleration) >= run.shares_of_limits()
    events = [event for event in run.trajectory.gripper if event.t <= execution.duration + 1e-9]
    assert sum("gripper" in action for action in run.actions) == len(events)


def test_what_is_torn_out_of_the_hand_stops_the_motion(either: MonitoredRun) -> None:
    run = either
    assert run.do(PICK).outcome is Outcome.SUCCEEDED
    torn: list[int] = []

    def tear() -> None:
        run.shift("red_block", (-0.1, -0.15, 0.02))
        torn.append(len(run.actions))

    execution = run.do(INTO_BOWL, once("carry", 0.4, tear))
    assert execution.outcome is DROPPED
    evidence = execution.evidence
    assert evidence is not None
    assert (evidence.signal, evidence.about, evidence.segment, evidence.value) == ("grip_lost", "red_block", "carry", 0.0)
    seen = evidence.t * run.world.rate_hz - torn[0]
    assert 0 < seen <= 0.05 * run.world.rate_hz
    assert_stopped_well(run, execution)


def test_what_slips_out_of_the_hand_stops_the_motion(run: MonitoredRun) -> None:
    def grease() -> None:
        body = next(uid for uid, name in run.world.names.items() if name == "red_block")
        run.world.engine.changeDynamics(body, -1, lateralFriction=0.0, spinningFriction=0.0, rollingFriction=0.0)
        for height in (1.0, -1.0):  # Contact points that are there already would keep their friction.
            run.shift("red_block", (0.0, 0.0, height))

    execution = run.do(PICK, once("lift", 0.3, grease))
    assert execution.outcome is DROPPED
    assert execution.evidence is not None
    assert (execution.evidence.signal, execution.evidence.about) == ("grip_lost", "red_block")
    assert_stopped_well(run, execution)


def test_fingers_that_close_on_nothing_do_not_lift(either: MonitoredRun) -> None:
    run = either
    execution = run.do(PICK, once("grasp", 0.01, lambda: run.shift("red_block", (0.0, 0.15, 0.0))))
    assert execution.outcome is MISSED_GRASP
    assert execution.evidence is not None
    assert (execution.evidence.signal, execution.evidence.about) == ("grip_empty", "red_block")
    assert execution.duration <= next(s.end for s in run.trajectory.segments if s.name == "grasp") + 0.01
    assert_stopped_well(run, execution)


def test_something_else_in_the_hand_is_a_missed_grasp_that_says_what(run: MonitoredRun) -> None:
    def swap() -> None:
        pose = run.thing("red_block").pose
        run.shift("red_block", (-0.05, -0.2, 0.0))
        x, y, z = pose.position
        run.world.move_object("yellow_block", pose.model_copy(update={"position": (x, y, z + 0.002)}))

    execution = run.do(PICK, once("grasp", 0.01, swap))
    assert execution.outcome is MISSED_GRASP
    assert execution.evidence is not None
    assert (execution.evidence.about, execution.evidence.other) == ("red_block", "yellow_block")


@pytest.mark.parametrize("away", [0.02, 0.1])
def test_what_has_moved_is_not_touched(run: MonitoredRun, away: float) -> None:
    execution = run.do(PICK, once("approach", 0.5, lambda: run.shift("red_block", (0.0, away, 0.001))))
    assert execution.outcome is OBJECT_MOVED
    evidence = execution.evidence
    assert evidence is not None
    assert (evidence.signal, evidence.about, evidence.segment) == ("displacement", "red_block", "descend")
    assert evidence.value == pytest.approx(away, abs=2e-3)
    assert evidence.value > evidence.limit
    assert_stopped_well(run, execution)


def test_the_container_is_looked_for_before_the_object_comes_down(either: MonitoredRun) -> None:
    run = either
    assert run.do(PICK).outcome is Outcome.SUCCEEDED
    assert run.looks == 2
    execution = run.do(INTO_BOWL, once("carry", 0.5, lambda: run.shift("bowl", (-0.05, 0.05, 0.001))))
    assert (execution.outcome, run.looks) == (OBJECT_MOVED, 1)
    assert run.thing("red_block").held
    assert_stopped_well(run, execution)


def test_what_is_not_there_any_more_is_missing(run: MonitoredRun) -> None:
    def without(scene: Scene) -> Scene:
        return scene.model_copy(update={"objects": tuple(o for o in scene.objects if o.name != "blue_block")})

    run.executor.look = lambda: without(run.scene())
    execution = run.do(PUSH)
    assert execution.outcome is OBJECT_MISSING
    assert execution.evidence is not None
    assert execution.evidence.about == "blue_block"
    assert_stopped_well(run, execution)


def box(run: MonitoredRun, mass: float, size: tuple[float, float, float], centre: tuple[float, float, float]) -> None:
    """Something that no scene knows; it is fixed if it has no mass [kg]."""
    engine = run.world.engine
    shape = engine.createCollisionShape(engine.GEOM_BOX, halfExtents=[side / 2 for side in size])
    engine.createMultiBody(mass, shape, basePosition=centre)


def box_below(run: MonitoredRun, gap: float) -> None:
    """A fixed box of 8 cm under the hand, with a gap to its tool point [m]."""
    t = len(run.actions) / run.world.rate_hz
    x, y, z = run.trajectory.tool_path[int(np.argmin(np.abs(run.trajectory.times - t)))]
    box(run, 0.0, (0.08, 0.08, 0.08), (x, y, z - gap - 0.04))


def test_an_obstacle_under_the_hand_stops_it(run: MonitoredRun) -> None:
    execution = run.do(PICK, once("descend", 0.02, lambda: box_below(run, 0.025)))
    assert execution.outcome is UNEXPECTED_CONTACT
    evidence = execution.evidence
    assert evidence is not None
    assert (evidence.signal, evidence.segment, evidence.unit) == ("contact_force", "descend", "N")
    assert evidence.value > evidence.limit
    assert evidence.about is not None
    assert "finger" in evidence.about
    assert_stopped_well(run, execution)
    assert run.world.touch().force < evidence.limit  # It does not press on.


@pytest.mark.parametrize("mass", [0.5, 3.0])
def test_an_obstacle_that_can_be_pushed_over_is_felt_too(run: MonitoredRun, mass: float) -> None:
    def stand_in_the_way() -> None:
        path, times = run.trajectory.tool_path, run.trajectory.times
        x, y, z = path[int(0.6 * np.searchsorted(times, run.trajectory.segments[0].end))]
        box(run, mass, (0.08, 0.08, z), (x, y, z / 2))

    execution = run.do(PICK, once("approach", 0.2, stand_in_the_way))
    assert execution.outcome is UNEXPECTED_CONTACT
    assert_stopped_well(run, execution)


def test_what_is_carried_into_something_counts_as_contact(run: MonitoredRun) -> None:
    assert run.do(PICK).outcome is Outcome.SUCCEEDED
    execution = run.do(INTO_BOWL, once("lower", 0.01, lambda: box_below(run, 0.04)))
    assert execution.outcome is UNEXPECTED_CONTACT
    assert execution.evidence is not None
    assert execution.evidence.about == "red_block"
    assert run.thing("red_block").held
    assert_stopped_well(run, execution)


@pytest.mark.parametrize(("world", "seed"), [("pybullet", 0), ("pybullet", 1), ("pybullet", 2), ("kinematic", 0)])
def test_normal_runs_are_left_alone(world: str, seed: int) -> None:
    run = MonitoredRun(seed=seed, world=world)
    with closing(run.world):
        for primitive in (PICK, INTO_BOWL, PUSH, PickParameters(object="green_block")):
            execution = run.do(primitive)
            assert (execution.outcome, execution.evidence) == (Outcome.SUCCEEDED, None), execution.message
            assert 0.0 < max(run.shares_of_limits()) <= 1.0
        on = PlaceParameters(object="green_block", target=OnTarget(support="blue_block"))
        assert run.do(on).outcome is Outcome.SUCCEEDED
