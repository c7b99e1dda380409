"""A camera's frame in two files: a picture that any viewer shows, and the numbers that place its pixels in the world."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from lmp.errors import SetupFault
from lmp.record.atomic_write import atomic_write
from lmp.schema.observation import CameraFrame

IMAGES = {"rgb", "depth", "segmentation"}


def write_frame(picture: Path, numbers: Path, frame: CameraFrame) -> None:
    """Writes colours as PNG; depth, segmentation, labels, intrinsics and pose as npz. Nothing is lost.

    Raises:
        SetupFault: The colours are not bytes of shape (height, width, 3).
    """
    from PIL import Image

    rgb = frame.rgb
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or 0 in rgb.shape:
        raise SetupFault(
            f"Camera {frame.name!r} gave colours of type {rgb.dtype} and shape {rgb.shape}; uint8 (height, width, 3) is needed."
        )
    meta = json.dumps(frame.model_dump(mode="json", exclude=IMAGES))
    with atomic_write(numbers) as file:
        np.savez_compressed(file, meta=np.array(meta), depth=frame.depth, segmentation=frame.segmentation)
    with atomic_write(picture) as file:
        Image.fromarray(rgb).save(file, format="PNG", compress_level=3)


def read_frame(picture: Path, numbers: Path) -> CameraFrame:
    """The frame of two files.

    Raises:
        ValueError, KeyError, OSError, zipfile.BadZipFile: The files are not ours.
    """
    from PIL import Image

    with np.load(numbers, allow_pickle=False) as file, Image.open(picture) as image:
        fields = json.loads(str(file["meta"]))
        images = {"rgb": np.asarray(image), "depth": file["depth"], "segmentation": file["segmentation"]}
        return CameraFrame.model_validate({**fields, **images})
