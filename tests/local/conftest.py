"""A tiny model in a folder, made once; nothing is downloaded."""

from __future__ import annotations

import os

os.environ["HF_HUB_OFFLINE"] = "1"

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tiny_model import save_tiny_model

from lmp.planners.model.request import Picture


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def pictures() -> tuple[Picture, ...]:
    rng = np.random.default_rng(0)
    return tuple(_picture(label, rng.integers(0, 255, (64, 96, 3), np.uint8)) for label in ("camera front", "camera top"))


def _picture(label: str, pixels: np.ndarray) -> Picture:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return Picture(label, buffer.getvalue(), pixels.shape[1], pixels.shape[0])
