"""A camera's frame in two files: a picture that any viewer shows, and the numbers that place its pixels in the world."""

from __future__ import annotations

import json
from typing import BinaryIO

import numpy as np

from lmp.errors import SetupFault
from lmp.schema.camera_frame import CameraFrame

IMAGES = {"rgb", "depth", "segmentation"}


def write_numbers(file: BinaryIO, frame: CameraFrame) -> None:
    """Writes depth, segmentation, labels, intrinsics and pose as npz."""
    meta = json.dumps(frame.model_dump(mode="json", exclude=IMAGES))
    np.savez_compressed(file, meta=np.array(meta), depth=frame.depth, segmentation=frame.segmentation)


def write_picture(file: BinaryIO, frame: CameraFrame) -> None:
    """Writes the colours as PNG; nothing is lost."""
    from PIL import Image

    Image.fromarray(frame.rgb).save(file, format="PNG", compress_level=3)


def check_colours(frame: CameraFrame) -> None:
    """Refuses colours that a picture cannot hold.

    Raises:
        SetupFault: The colours are not bytes of shape (height, width, 3).
    """
    rgb = frame.rgb
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or 0 in rgb.shape:
        raise SetupFault(
            f"Camera {frame.name!r} gave colours of type {rgb.dtype} and shape {rgb.shape}; uint8 (height, width, 3) is needed."
        )


def read_frame(picture: BinaryIO, numbers: BinaryIO) -> CameraFrame:
    """The frame of two files.

    Raises:
        ValueError, KeyError, OSError, zipfile.BadZipFile: The files are not ours.
    """
    from PIL import Image

    with np.load(numbers, allow_pickle=False) as file, Image.open(picture) as image:
        fields = json.loads(str(file["meta"]))
        images = {"rgb": np.asarray(image), "depth": file["depth"], "segmentation": file["segmentation"]}
        return CameraFrame.model_validate({**fields, **images})
