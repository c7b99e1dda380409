from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lmp.errors import SetupFault
from lmp.record import RunFolder
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.pose import Pose
from lmp.schema.scene import RobotState, Scene, SceneObject, Workspace
from lmp.schema.shape import Sphere
from lmp.schema.trajectory import GripperEvent, JointTrajectory, Margins, Segment

MARGINS = Margins(
    joint_limit=0.1, velocity=0.5, acceleration=0.3, jerk=0.2, smallest_singular_value=0.1, end_error=0.0, stretch=1.0
)
FINITE = st.floats(-1e6, 1e6)
NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=64).filter(
    lambda name: name.isprintable() and name == name.strip()
)


@st.composite
def trajectories(draw: st.DrawFn) -> JointTrajectory:
    n, dof = draw(st.integers(2, 12)), draw(st.integers(1, 7))
    steps = draw(arrays.arrays(float, n - 1, elements=st.floats(1e-3, 10.0)))

    def block(columns: int) -> np.ndarray:
        return draw(arrays.arrays(float, (n, columns), elements=FINITE))

    return JointTrajectory(
        skill=draw(NAMES),
        joint_names=tuple(draw(st.lists(NAMES, min_size=dof, max_size=dof))),
        times=np.concatenate([[0.0], np.cumsum(steps)]),
        positions=block(dof),
        velocities=block(dof),
        accelerations=block(dof),
        tool_path=block(3),
        gripper=(GripperEvent(t=0.1, action="close", width=0.01, force=20.0),),
        segments=(Segment(name=draw(NAMES), start=0.0, end=0.1, allowed_contacts=((draw(NAMES), "robot"),)),),
        margins=MARGINS,
        predicted=draw(st.booleans()),
    )


@given(trajectories())
def test_a_trajectory_comes_back_exactly(tmp_path_factory: pytest.TempPathFactory, trajectory: JointTrajectory) -> None:
    run = RunFolder.create(tmp_path_factory.mktemp("run"), "go")
    name = run.save_trajectory(trajectory)
    again = RunFolder.open(run.path).load_trajectory(name)
    assert again == trajectory
    for field in ("times", "positions", "velocities", "accelerations", "tool_path"):
        assert np.array_equal(getattr(again, field), getattr(trajectory, field))
        assert not getattr(again, field).flags.writeable


@given(st.integers(1, 9), st.integers(1, 9), st.lists(NAMES, min_size=1, max_size=3), st.integers(0, 2**32 - 1))
def test_frames_come_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, width: int, height: int, names: list[str], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    frames = tuple(
        CameraFrame(
            name=name,
            rgb=rng.integers(0, 256, (height, width, 3), dtype=np.uint8),
            depth=rng.random((height, width), dtype=np.float32),
            segmentation=rng.integers(-1, 5, (height, width), dtype=np.int16),
            labels=("<b>", "../../x"),
            intrinsics=rng.random((3, 3)),
            T_world_camera=Pose.from_yaw((0.1, 0.2, 0.3), 0.4),
        )
        for name in names
    )
    run = RunFolder.create(tmp_path_factory.mktemp("run"), "go")
    run.save_frames(frames, "0001")
    again = run.load_frames("0001")
    assert again == frames
    assert [frame.rgb.dtype for frame in again] == [np.uint8] * len(names)
    assert all(path.parent == run.path / "images" for path in run.path.rglob("*.png"))
    assert run.load_frames("0002") == ()


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4), (0, 4, 3)])
def test_colours_of_another_form_are_a_setup_fault(tmp_path: Path, shape: tuple[int, ...]) -> None:
    frame = CameraFrame(
        name="front", rgb=np.zeros(shape, np.uint8), depth=np.zeros((4, 4)), segmentation=np.zeros((4, 4), int),
        intrinsics=np.eye(3), T_world_camera=Pose(),
    )  # fmt: skip
    with pytest.raises(SetupFault, match="height, width, 3"):
        RunFolder.create(tmp_path, "go").save_frames((frame,), "0001")


def test_scenes_get_names_in_order_and_go_on_after_reopening(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path, "go")
    scenes = [_scene(time) for time in (0.0, 1.0, 2.0)]
    names = [run.save_scene(scene) for scene in scenes[:2]]
    run.close()
    with RunFolder.resume(tmp_path) as again:
        names.append(again.save_scene(scenes[2]))
    assert names == ["0001", "0002", "0003"]
    assert [run.load_scene(name) for name in names] == scenes


def _scene(time: float) -> Scene:
    state = RobotState(joint_names=("a",), positions=(0.1,), velocities=(0.0,), gripper_width=0.04)
    ball = SceneObject(name="\u7403 <i>", category="ball", pose=Pose(), shape=Sphere(radius=0.02), touching=("table",))
    return Scene(
        objects=(ball,), T_world_base=Pose(), robot=state, workspace=Workspace(lower=(0, 0, 0), upper=(1, 1, 1)), time=time
    )
