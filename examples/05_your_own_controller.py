"""Your own controller: a plain function becomes a robot.

    python examples/05_your_own_controller.py

You see one checked motion carried out by two controllers: `fn(q)`, called with one position every 10 ms, and
`fn(trajectory)`, called once for each stretch between two gripper commands. A third one says that it failed, which is a
fault.

Here the functions only write down what they are given, so `simulated=True` is said. Without it a wrapped controller counts
as real hardware: it is paced by the clock and watched, and `Agent.run` moves it only after `approve=` has said so. An executor
that you call yourself, as here, asks nobody.
"""

import numpy as np

import lmp
from lmp.errors import RobotFault
from lmp.execution.executor import StreamingExecutor
from lmp.execution.hardware import TrajectoryExecutor

positions: list[np.ndarray] = []
stretches: list[lmp.JointTrajectory] = []
widths: list[float] = []


def send_position(q: np.ndarray) -> None:
    """Yours: sends one position of the seven joints [rad]."""
    positions.append(q)


def send_trajectory(trajectory: lmp.JointTrajectory) -> None:
    """Yours: follows a trajectory, and returns when it is done; False or an exception says that it failed."""
    stretches.append(trajectory)


def move_fingers(width: float, force: float) -> None:
    """Yours: moves the fingers to a distance [m] with at most a force [N]."""
    widths.append(width)


with lmp.open_world("kinematic:tabletop", seed=3) as world:
    agent = lmp.Agent(world)
    scene = agent.perceive()
    [pick, *_] = agent.decompose("pick up the red block", scene)
    compiled = agent.compile(agent.ground(pick, scene), scene)
    if isinstance(compiled, lmp.Verdict):
        raise SystemExit(str(compiled))

one_by_one = lmp.wrap(send_position, robot="panda", rate_hz=100, gripper=move_fingers, simulated=True)
one_by_one.connect()
execution = StreamingExecutor(one_by_one, rate_hz=100).execute(compiled)
one_by_one.disconnect()
print(f"fn(q): {execution.outcome.value}, {len(positions)} positions, fingers told {[round(w, 3) for w in widths]} m")

at_once = lmp.wrap(send_trajectory, robot="panda", gripper=move_fingers, simulated=True)
at_once.connect()
execution = TrajectoryExecutor(at_once).execute(compiled)
at_once.disconnect()
lengths = [f"{stretch.duration:.2f} s" for stretch in stretches]
print(f"fn(trajectory): {execution.outcome.value}, called with {' and '.join(lengths)}")

refusing = lmp.wrap(lambda trajectory: False, robot="panda", shape="trajectory", simulated=True)
refusing.connect()
try:
    TrajectoryExecutor(refusing).execute(compiled)
except RobotFault as fault:
    print(f"fn(trajectory) that returns False: {fault}")
