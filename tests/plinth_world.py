"""A world of somebody: no scene file and no table; blocks on a plinth, and an arm whose base is off the origin and turned."""

import math

import numpy as np

from lmp.robots.robot_file import load_robot, robot_urdf
from lmp.schema.action import check_action
from lmp.schema.observation import NOTHING, Judgement, Observation, Sensors
from lmp.schema.pose import Pose
from lmp.schema.scene import GRIPPER, RobotState, Scene, SceneObject, Workspace
from lmp.schema.shape import Box
from lmp.schema.world_spec import WorldSpec
from lmp.sims.kinematic.urdf_chain import UrdfChain
from lmp.stages import World

BASE = Pose(position=(1.5, -0.8, 0.4), quat_xyzw=(0.0, 0.0, math.sin(1.0), math.cos(1.0)))
TOP, EDGE = -0.1, 0.04
CUBE, REACH = Box(size=(EDGE, EDGE, EDGE)), Workspace(lower=(0.6, -1.7, 0.25), upper=(2.4, 0.1, 1.5))
SLAB = {"name": "plinth", "category": "plinth", "role": "support", "shape": Box(size=(0.5, 0.8, 0.3))}
PLACES = {"red": (0.45, -0.2), "blue": (0.5, 0.0), "green": (0.45, 0.2)}


class PlinthWorld(World):
    """Its own robot: what the gripper closes on moves with it, and falls straight down when it opens."""

    simulated, rate_hz, instruction = True, 100.0, "put the red block on the blue block"

    def __init__(self, spec: WorldSpec):
        self.spec, self.robot, self.description = spec, self, load_robot("panda").model_copy(update={"base": BASE})
        self._chain, rng = UrdfChain(robot_urdf(self.description), self.description), np.random.default_rng(spec.seed)
        self.q, self.width, self.ticks, self.held = np.array(self.description.rest), 0.08, 0, None
        around = {name: (x + rng.uniform(-0.03, 0.03), y, TOP + EDGE / 2) for name, (x, y) in PLACES.items()}
        self.poses = {f"{name}_block": BASE @ Pose(position=place) for name, place in around.items()}

    connect = disconnect = close = lambda self: None

    def get_observation(self) -> RobotState:
        names, still = self.description.joint_names, (0.0,) * len(self.q)
        return RobotState(joint_names=names, positions=self.q.tolist(), velocities=still, gripper_width=self.width)

    def send_action(self, action: dict[str, float]) -> dict[str, float]:
        check_action(action, self.description.joint_names)
        self.q, self.ticks = np.array([action[name] for name in self.description.joint_names]), self.ticks + 1
        tool, width = self.tool_pose(), action.get("gripper", self.width)
        near = [name for name, pose in self.poses.items() if math.dist(pose.position, tool.position) < EDGE / 2]
        if self.held is None and width < EDGE and near:
            self.held = (near[0], tool.inverse() @ self.poses[near[0]])
        if self.held is not None:
            self.poses[self.held[0]] = tool @ self.held[1]
            if width > EDGE:
                self.poses[self.held[0]], self.held = self._fallen(self.poses.pop(self.held[0])), None
        self.width = width if self.held is None else EDGE
        return action

    def _fallen(self, pose: Pose) -> Pose:
        heights = [p.position[2] for p in self.poses.values() if math.dist(p.position[:2], pose.position[:2]) < EDGE]
        z = max([height + EDGE for height in heights], default=BASE.position[2] + TOP + EDGE / 2)
        return Pose(position=(*pose.position[:2], z), quat_xyzw=pose.quat_xyzw)

    def tool_pose(self) -> Pose:
        return Pose.from_matrix(self._chain.forward(self.q))

    def observe(self, wanted: Sensors = NOTHING) -> Observation:
        return Observation(time=self.ticks / self.rate_hz, robot=self.get_observation())

    def settle(self, seconds: float) -> None:
        self.ticks += round(seconds * self.rate_hz)

    def scene(self) -> Scene:
        seen = [SceneObject(**SLAB, pose=BASE @ Pose(position=(0.5, 0.0, TOP - 0.15)))]
        for name, pose in sorted(self.poses.items()):
            holder, colour = GRIPPER if self.held and self.held[0] == name else None, name.partition("_")[0]
            seen.append(SceneObject(name=name, category="block", colour=colour, pose=pose, shape=CUBE, held_by=holder))
        return Scene(objects=seen, T_world_base=BASE, robot=self.get_observation(), workspace=REACH, time=self.observe().time)

    def success(self) -> Judgement:
        off = np.subtract(self.poses["red_block"].position, self.poses["blue_block"].position) - (0.0, 0.0, EDGE)
        return Judgement(holds=bool(np.hypot(*off[:2]) < EDGE / 2 and abs(off[2]) < 1e-3 and not self.held))
