"""Data files of any content: a scene opens, a robot, settings or a plan loads; or it is said what is wrong."""

from __future__ import annotations

import functools
import json
import math
import tempfile
import tomllib
from pathlib import Path

import numpy as np
from fuzz_target import CORPUS, Target, corpus
from grounding import grounded
from mutation import changed_bytes, changed_values

from lmp import registry
from lmp.config import Settings
from lmp.errors import LmpError
from lmp.planners.plan_file.plan_file_planner import PlanFilePlanner
from lmp.robots import robot_file
from lmp.robots.robot_file import load_robot
from lmp.runtime.worlds import open_world
from lmp.schema.plan import Refusal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.sims.kinematic.urdf_chain import UrdfChain
from lmp.sims.oracle_perceiver import OraclePerceiver
from lmp.sims.scenes import loader
from lmp.sims.world_report import world_report

PANDA = load_robot("panda")
SKILLS = {skill: registry.load("skill", skill).spec for skill in registry.known("skill")}


@functools.cache
def folder() -> Path:
    """A folder of this process for the files that are tried."""
    kept = tempfile.TemporaryDirectory(prefix="lmp-fuzz-")
    folder._kept = kept  # type: ignore[attr-defined]
    return Path(kept.name)


def written(data: bytes, stem: str) -> Path:
    """The file; what begins like JSON is called so."""
    path = folder() / f"{stem}{'.json' if data.lstrip()[:1] in (b'{', b'[') else '.toml'}"
    path.write_bytes(data)
    return path


def told(error: LmpError) -> None:
    """An error says something, on lines that can be shown, and not without end."""
    text = str(error)
    assert text and len(text) < 100_000, f"an error of {len(text)} characters"
    assert text.isprintable(), f"an error that cannot be shown: {text!r:.500}"


def check_scene(data: bytes) -> None:
    """The world opens with everything that the file lists, or the file is refused."""
    path = written(data, "scene")
    try:
        listed = {thing.name for thing in loader.load_scene_file(path).objects}
        with open_world(f"kinematic:{path!s}") as world:
            reported = world_report(world)
            Scene.model_validate_json(OraclePerceiver(world).perceive(world.observe()).model_dump_json())  # type: ignore[arg-type]
    except LmpError as error:
        told(error)
        return
    assert {thing.name for thing in reported} == listed
    assert all(math.isfinite(value) for thing in reported for value in (*thing.position, *thing.quaternion))


def check_robot(data: bytes) -> None:
    """The robot's rest posture puts the tool somewhere, or the file is refused."""
    try:
        description = load_robot(written(data, "robot"))
        T_world_tool = UrdfChain(robot_file.robot_urdf(description), description).forward(np.array(description.rest))
    except LmpError as error:
        told(error)
        return
    assert np.isfinite(T_world_tool).all()
    np.testing.assert_allclose(T_world_tool[:3, :3] @ T_world_tool[:3, :3].T, np.eye(3), atol=1e-4)


def check_settings(data: bytes) -> None:
    """Options that `lmp.run` knows, or the file is refused."""
    try:
        options = Settings.load(written(data, "settings")).options()
    except LmpError as error:
        told(error)
        return
    assert set(options) <= set(Settings.model_fields)


@functools.cache
def seen() -> Scene:
    """A scene to plan in."""
    with open_world("kinematic:tabletop", seed=3) as world:
        return OraclePerceiver(world).perceive(world.observe())  # type: ignore[arg-type]


def check_plan(data: bytes) -> None:
    """Subgoals, each with a primitive of its skill's own class; a refusal; or the file is refused."""
    try:
        planner = PlanFilePlanner.open(written(data, "plan"), SKILLS)
    except LmpError as error:
        told(error)
        return
    answer = planner.decompose("anything", seen())
    if isinstance(answer, Refusal):
        assert answer.message
        return
    for subgoal in answer:
        assert set(subgoal.objects) <= set(seen().names)
        primitive = grounded(planner, subgoal, seen())
        assert isinstance(primitive, SkillParameters) and type(primitive) is SKILLS[subgoal.skill].parameters


SCENES = [(loader.FOLDER / "tabletop.toml").read_bytes()]
SMALL = json.loads((CORPUS / "scene/small.json").read_text())
ROBOT = (robot_file.FOLDER / "panda.toml").read_bytes()
SETTINGS = json.loads((CORPUS / "settings/all.json").read_text())
PLAN = json.loads((CORPUS / "plan/four.json").read_text())

FILE_TARGETS = (
    Target("scene", changed_bytes([*SCENES, *corpus("scene")]) | changed_values([SMALL]), check_scene, seconds=20.0),
    Target("robot", changed_bytes([ROBOT, *corpus("robot")]) | changed_values([tomllib.loads(ROBOT.decode())]), check_robot),
    Target(
        "settings",
        changed_bytes([json.dumps(SETTINGS).encode(), *corpus("settings")]) | changed_values([SETTINGS]),
        check_settings,
    ),
    Target("plan", changed_bytes([json.dumps(PLAN).encode(), *corpus("plan")]) | changed_values([PLAN]), check_plan),
)
