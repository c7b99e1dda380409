"""Your own world: an arm on a stand beside a shelf, simulated in one file. It has no scene file, and brings its own task.

    python examples/09_your_own_world.py

You see its own task carried out, what its own predicate says of it, and that a tool which is elsewhere than the robot's
description puts it is refused. In a module of yours it is opened as `lmp run --world python:my_module:ShelfWorld`.
"""

import math

import numpy as np

import lmp
from lmp.robots.robot_file import load_robot, robot_urdf
from lmp.schema.action import check_action
from lmp.schema.judgement import Judgement
from lmp.schema.observation import NOTHING, Observation, Sensors
from lmp.schema.pose import Pose
from lmp.schema.scene import GRIPPER, RobotState, Scene, SceneObject, Workspace
from lmp.schema.shape import Box
from lmp.schema.world_spec import WorldSpec
from lmp.sims.kinematic.urdf_chain import UrdfChain
from lmp.stages import World

BASE = Pose(position=(0.0, 2.0, 0.5), quat_xyzw=(0.0, 0.0, math.sin(-0.6), math.cos(-0.6)))
SHELF = BASE @ Pose(position=(0.5, 0.0, -0.05))
EDGE = 0.04


class ShelfWorld(World):
    """What the gripper closes on moves with it, and is left where the gripper opens.

    Args:
        spec: How it is opened: address, seed, options.
        distance: Of the block from the base [m]; `?distance=0.5` in the address.
    """

    simulated, rate_hz, instruction = True, 100.0, "pick up the yellow block"

    def __init__(self, spec: WorldSpec, *, distance: float = 0.45):
        self.spec, self.robot = spec, self  # The robot is the world itself: it has the verbs of both.
        self.description = load_robot("panda").model_copy(update={"base": BASE})
        self._chain = UrdfChain(robot_urdf(self.description), self.description)
        self.q, self.width, self.ticks = np.array(self.description.rest), 0.08, 0
        self.block, self.held = BASE @ Pose(position=(distance, 0.0, EDGE / 2)), None

    def connect(self) -> None: ...

    def disconnect(self) -> None: ...

    def close(self) -> None: ...

    def get_observation(self) -> RobotState:
        names, still = self.description.joint_names, (0.0,) * len(self.q)
        return RobotState(joint_names=names, positions=self.q.tolist(), velocities=still, gripper_width=self.width)

    def send_action(self, action: dict[str, float]) -> dict[str, float]:
        """One control tick."""
        check_action(action, self.description.joint_names)
        self.q, self.ticks = np.array([action[name] for name in self.description.joint_names]), self.ticks + 1
        tool, width = self.tool_pose(), action.get("gripper", self.width)
        if self.held is None and width < EDGE and math.dist(tool.position, self.block.position) < EDGE / 2:
            self.held = tool.inverse() @ self.block
        elif width > EDGE:
            self.held = None
        self.width = width if self.held is None else EDGE
        self.block = self.block if self.held is None else tool @ self.held
        return action

    def observe(self, wanted: Sensors = NOTHING) -> Observation:
        """The robot's state; it has no cameras."""
        return Observation(time=self.ticks / self.rate_hz, robot=self.get_observation())

    def settle(self, seconds: float) -> None:
        """Lets time pass."""
        self.ticks += round(seconds * self.rate_hz)

    def scene(self) -> Scene:
        """What is in it: the capability `Knows`."""
        board, cube = Box(size=(0.5, 0.9, 0.1)), Box(size=(EDGE, EDGE, EDGE))
        held_by = None if self.held is None else GRIPPER
        shelf = SceneObject(name="shelf", category="shelf", pose=SHELF, shape=board, role="support")
        block = SceneObject(name="block", category="block", colour="yellow", pose=self.block, shape=cube, held_by=held_by)
        reach = Workspace(lower=(-1.0, 1.0, 0.4), upper=(1.0, 3.0, 1.6))
        now = self.observe()
        return Scene(objects=(shelf, block), T_world_base=BASE, robot=now.robot, workspace=reach, time=now.time)

    def success(self) -> Judgement:
        """Whether its own task is done: the capability `Judges`."""
        height = self.block.position[2] - BASE.position[2]
        return Judgement(holds=self.held is not None and height > 0.05, why=f"the block is {height:.2f} m above the shelf")

    def tool_pose(self) -> Pose:
        """Where its tool is: the capability `HasTool`."""
        return Pose.from_matrix(self._chain.forward(self.q))


class BentWorld(ShelfWorld):
    """Its tool is 5 mm from where the robot's description puts it."""

    def tool_pose(self) -> Pose:
        """Where its tool is."""
        return super().tool_pose() @ Pose(position=(0.0, 0.0, 0.005))


if __name__ == "__main__":
    world = ShelfWorld(WorldSpec(seed=3))
    episode = lmp.run(world=world)
    print(f"{episode.instruction}: {episode.outcome.value}; its own predicate: {world.success().why}")
    try:
        lmp.Agent(BentWorld(WorldSpec()))
    except lmp.SetupFault as refused:
        print(refused)
