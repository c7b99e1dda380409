"""Pictures as they are sent: which, how large, labelled, encoded once."""

from __future__ import annotations

import gc
import io
import weakref

import numpy as np
from marked_looks import look
from PIL import Image

from lmp.model_settings import ModelSettings
from lmp.planners.model.pictures.views import before_after, pictures_of, views_of
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene


def fresh(frame: CameraFrame) -> CameraFrame:
    return CameraFrame.model_validate(frame.model_dump())


def noisy(scene: Scene, size: int) -> Scene:
    """The scene with one picture of noise, which no encoder makes small."""
    rgb = np.random.default_rng(0).integers(0, 256, (size, size, 3), dtype=np.uint8)
    still = {"depth": np.ones((size, size)), "segmentation": np.full((size, size), -1)}
    frame = CameraFrame(name="noise", rgb=rgb, intrinsics=np.eye(3), T_world_camera=Pose(), **still)
    return scene.model_copy(update={"frames": (frame,)})


def test_every_camera_is_sent_in_order_with_its_label_and_size() -> None:
    pictures = pictures_of(look("seed 0"), ModelSettings(picture_width=500))
    assert [(picture.label, picture.width, picture.height) for picture in pictures] == [
        ("camera front", 500, 375),
        ("camera top", 500, 375),
        ("camera wrist", 320, 240),
    ]
    for picture in pictures:
        image = Image.open(io.BytesIO(picture.png))
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", (picture.width, picture.height))


def test_none_sends_nothing_and_plain_sends_what_the_camera_saw() -> None:
    scene = look("seed 0")
    assert pictures_of(scene, ModelSettings(pictures="none")) == ()
    assert before_after(scene, scene, ModelSettings(pictures="none")) == ()
    plain = pictures_of(scene, ModelSettings(pictures="plain"))
    for picture, frame in zip(plain, scene.frames, strict=True):
        assert (np.asarray(Image.open(io.BytesIO(picture.png))) == frame.rgb).all()
    marks = pictures_of(scene, ModelSettings())
    assert all(one.png != other.png for one, other in zip(plain, marks, strict=True))


def test_a_frame_is_encoded_once_for_as_long_as_it_lives() -> None:
    scene, settings = look("seed 0"), ModelSettings()
    first, again = pictures_of(scene, settings), pictures_of(scene.model_copy(), settings)
    assert all(one is other for one, other in zip(first, again, strict=True))
    other = scene.model_copy(update={"frames": (fresh(scene.frames[2]),)})
    remade = pictures_of(other, settings)
    assert remade[0] is not first[2]
    assert remade[0].png == first[2].png
    alive = weakref.ref(other.frames[0])
    del other
    gc.collect()
    assert alive() is None


def test_a_picture_over_the_size_limit_is_shrunk_until_it_fits() -> None:
    scene, settings = noisy(look("seed 0"), 200), ModelSettings()
    whole = views_of(scene, settings)[0].picture
    assert (whole.width, len(whole.png) > 100_000) == (200, True)
    small = views_of(scene, settings, most_bytes=30_000)[0].picture
    assert len(small.png) <= 30_000
    assert 64 < small.width == small.height < 200
    least = views_of(scene, settings, most_bytes=1)[0].picture
    assert least.width == 16


def test_before_and_after_stand_side_by_side_with_the_numbers_of_before() -> None:
    before, after = look("seed 1"), look("in the bowl")
    found = before_after(before, after, ModelSettings())
    cameras = ("front", "top", "wrist")
    assert [picture.label for picture in found] == [
        f"{when}: camera {name}" for name in cameras for when in ("before", "after")
    ]
    renamed = after.objects[1].model_copy(update={"name": "new"})
    frame = after.frames[0].model_copy(
        update={"labels": tuple("new" if label == "red_block" else label for label in after.frames[0].labels)}
    )
    other = after.model_copy(update={"objects": (after.objects[0], renamed, *after.objects[2:]), "frames": (frame,)})
    views = views_of(other, ModelSettings(), before)
    assert after.objects[1].name == "red_block"
    assert 1 not in views[1].tags
    assert 1 in views[0].tags


def test_a_scene_without_pictures_sends_none() -> None:
    assert pictures_of(look("seed 0").model_copy(update={"frames": ()}), ModelSettings()) == ()
