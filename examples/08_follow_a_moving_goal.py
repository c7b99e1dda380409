"""A goal that moves: the tool follows it, and each new way is checked before it is taken.

    python examples/08_follow_a_moving_goal.py

You see a hand that is on its way to a place over the table while the place moves. Ten times a second it is told the new
place; each time the rest of its motion is rolled out, followed with inverse kinematics and checked against limits and
collisions, within the time of a control tick. Then the place runs into a block, and out of reach: both are refused in words,
and the arm goes on to the last place that was fine. In the end it is stopped halfway, and comes to rest on its path.
"""

import time

import numpy as np

import lmp
from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.moving.answers import Followed
from lmp.primitives.moving.tool_motion import ToolMotion
from lmp.robots.robot_file import load_robot
from lmp.schema.motion import Bulge, Bulges

RATE_HZ = 250.0


def moving_place(t: float) -> np.ndarray:
    """Where the tool is to be: a pose that looks down and goes round over the table."""
    T_world_place = np.diag([1.0, -1.0, -1.0, 1.0])
    T_world_place[:3, 3] = 0.45 + 0.07 * np.cos(1.5 * t), 0.14 * np.sin(1.5 * t), 0.3
    return T_world_place


panda = load_robot("panda")
arm = Arm(panda, RATE_HZ)
with lmp.open_world("kinematic:tabletop", seed=3) as world:
    agent = lmp.Agent(world)
    scene = agent.perceive()

    def go_on(seconds: float) -> None:
        """Sends one position a tick, as a controller would."""
        for _ in range(round(seconds * RATE_HZ)):
            q = motion.step()
            world.robot.send_action(dict(zip(panda.joint_names, q.tolist(), strict=True)))

    def asked(T_world_goal: np.ndarray, duration: float | None = None) -> str:
        """What becomes of a new goal, in words."""
        begin = time.perf_counter()
        answer = motion.retarget(T_world_goal, duration)
        spent = f"answered in {1e3 * (time.perf_counter() - begin):.1f} ms"
        if isinstance(answer, Followed):
            longer = f", {answer.stretch:g} times as long as requested" if answer.stretch > 1.0 else ""
            return f"{spent}: will be there in {answer.duration:.2f} s{longer}"
        return f"{spent}: refused. {answer.violations[0].message}"

    def missed_by(T_world_place: np.ndarray) -> float:
        """How far the robot's tool is from a place [mm]."""
        T_world_tool = arm.kinematics.forward(world.robot.get_observation().positions)
        return 1e3 * float(np.linalg.norm(T_world_tool[:3, 3] - T_world_place[:3, 3]))

    motion = ToolMotion(arm, MotionState.first(arm, scene))
    motion.retarget(moving_place(0.0), 1.0, Bulges(bulges=(Bulge(direction="up", phase=0.5, amount=0.05),)))
    print("Following a place that goes round:")
    for number in range(20):
        go_on(0.1)
        said = asked(moving_place(0.1 * number), 0.6)
        if number % 4 == 0:
            print(f"  t = {0.1 * (number + 1):.1f} s: {said}")
    go_on(motion.left + 1.0 / RATE_HZ)
    print(f"  at rest {missed_by(moving_place(1.9)):.3f} mm from it")

    block = next(thing for thing in scene.objects if thing.category == "block")
    inside, away = moving_place(0.0), moving_place(0.0)
    inside[:3, 3], away[:3, 3] = block.pose.position, (0.75, 0.5, 0.7)
    print(f"The place runs into the {block.name}, then out of reach:")
    motion.retarget(moving_place(0.0), 1.0)
    go_on(0.4)
    print(f"  {asked(inside)}\n  {asked(away)}")
    go_on(motion.left + 1.0 / RATE_HZ)
    print(f"  the arm went on, and is {missed_by(moving_place(0.0)):.3f} mm from where it was sent")

    print("Stopped halfway:")
    motion.retarget(moving_place(1.0), 1.0)
    go_on(0.5)
    speed, needed = np.linalg.norm(motion.tool.rates[1]), motion.stop()
    go_on(needed + 1.0 / RATE_HZ)
    print(f"  from {speed:.2f} m/s to rest in {needed:.2f} s; joints still move at {np.abs(motion.velocity).max():.0f} rad/s")
