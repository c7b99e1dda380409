"""Makes the README's picture from a real run: before with the planned tool paths, in the hand, and after.

    python docs/picture.py

You see nothing; `docs/images/put_red_in_bowl.png` is written again.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import lmp
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.episode import Attempt

INSTRUCTION, SEED, CAMERA = "put the red block in the bowl", 3, "front"
TARGET = Path(__file__).parent / "images" / "put_red_in_bowl.png"
COLOURS = ("#e8590c", "#1971c2")
MARGIN, CAPTION = 8, 34


def panel(frame: CameraFrame, caption: str) -> Image.Image:
    """A camera picture over its caption."""
    picture = Image.fromarray(np.asarray(frame.rgb)[..., :3])
    whole = Image.new("RGB", (picture.width, picture.height + CAPTION), "white")
    whole.paste(picture, (0, 0))
    ImageDraw.Draw(whole).text((4, picture.height + 7), caption, fill="#212529", font=ImageFont.load_default(size=19))
    return whole


def draw_paths(picture: Image.Image, frame: CameraFrame, attempts: list[Attempt], record: lmp.RunFolder) -> None:
    """Draws each attempt's tool path as the camera sees it."""
    draw = ImageDraw.Draw(picture)
    for attempt, colour in zip(attempts, COLOURS, strict=False):
        if attempt.compiled is None or attempt.compiled.trajectory is None:
            continue
        path = record.load_trajectory(attempt.compiled.trajectory).tool_path
        points = [(float(column), float(row)) for column, row in frame.project(np.asarray(path)) if np.isfinite(column)]
        draw.line(points, fill=colour, width=4, joint="curve")


def main() -> None:
    """Runs, draws and writes the picture."""
    with tempfile.TemporaryDirectory() as folder:
        episode = lmp.run(INSTRUCTION, seed=SEED, out=Path(folder) / "run")
        if not episode.verified:
            raise SystemExit(f"{episode.outcome.value}: {episode.error}")
        record = lmp.RunFolder.open(Path(folder) / "run")
        looks = [record.load_frames(path.stem) for path in sorted((record.path / "scenes").glob("*.json"))]
        views = [frame for frames in looks for frame in frames if frame.name == CAMERA]
        attempts = list(episode.attempts)
        captions = ("before, with the checked paths of pick and place", "after the pick", "at the end: verified")
        panels = [panel(frame, text) for frame, text in zip((views[0], views[1], views[-1]), captions, strict=True)]
        draw_paths(panels[0], views[0], attempts, record)
    width = sum(part.width for part in panels) + MARGIN * (len(panels) - 1)
    whole = Image.new("RGB", (width, panels[0].height), "white")
    left = 0
    for part in panels:
        whole.paste(part, (left, 0))
        left += part.width + MARGIN
    TARGET.parent.mkdir(exist_ok=True)
    whole.resize((whole.width * 2 // 3, whole.height * 2 // 3), Image.Resampling.LANCZOS).save(TARGET, optimize=True)


if __name__ == "__main__":
    main()
