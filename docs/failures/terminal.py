"""Failures that no camera sees: what the terminal shows, as a picture."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import matplotlib as mpl
import strikes
from causes import BOWL, SEED
from PIL import Image, ImageDraw, ImageFont
from striker import Striker, at

from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world

COLUMNS, SIZE, LINE, MARGIN = 76, 10, 14, 10
"""Width of the terminal [count], of its letters, height of its lines, and room around them [px]."""
GROUND, INK = "#161b22", "#e6eaef"

KILLED = """
import sys; sys.path.insert(0, {here!r})
import terminal; terminal.run_until_killed({run!r})
"""


def wrong_use() -> tuple[str, bytes]:
    """A scene that does not exist: what was done, and the picture."""
    with tempfile.TemporaryDirectory() as folder:
        return "The scene's name is misspelt.", _shown(["run", BOWL, "--world", "tabeltop"], Path(folder))


def unfinished() -> tuple[str, bytes]:
    """A run whose process was killed in the middle of a motion."""
    with tempfile.TemporaryDirectory() as folder:
        code = KILLED.format(here=str(Path(__file__).parent), run="run")
        done = subprocess.run([sys.executable, "-c", code], cwd=folder, check=False)
        assert done.returncode == -signal.SIGKILL
        return "The process is killed in the middle of a motion (`kill -9`).", _shown(["show", "run"], Path(folder))


def not_run() -> tuple[str, bytes]:
    """A run in which the object vanishes before the first subgoal is done."""
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        _run(run, at("approach", 0.7), strikes.remove("red_block"))
        return "Somebody takes the block away while the hand comes near.", _shown(["show", "run"], Path(folder))


def run_until_killed(run: str) -> None:
    """A run that kills its own process on the way to the bowl."""
    _run(Path(run), at("carry", 0.5), lambda moment: os.kill(os.getpid(), signal.SIGKILL))


def _run(run: Path, when: Any, strike: Any) -> None:
    with open_world("tabletop", seed=SEED) as world:
        Agent(world, listener=Striker(world, run, when, strike)).run(BOWL, out=run, pictures=False, report=False)


def _shown(words: list[str], folder: Path) -> bytes:
    """The picture of a command and its answer."""
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", "from lmp.cli.main import main; main()", *words]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    said = " ".join(f'"{word}"' if " " in word else word for word in words)
    text = (done.stdout + done.stderr).replace(f"{folder}{os.sep}", "")
    return _drawn([f"$ lmp {said}", *text.splitlines()])


def _drawn(lines: list[str]) -> bytes:
    font = ImageFont.truetype(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSansMono.ttf", SIZE)
    folded = [line[start : start + COLUMNS] for line in lines for start in range(0, max(1, len(line)), COLUMNS)]
    width = round(font.getlength("x") * COLUMNS) + 2 * MARGIN
    picture = Image.new("RGB", (width, len(folded) * LINE + 2 * MARGIN), GROUND)
    draw = ImageDraw.Draw(picture)
    for row, line in enumerate(folded):
        draw.text((MARGIN, MARGIN + row * LINE), line, fill=INK, font=font)
    buffer = io.BytesIO()
    picture.quantize(16, dither=Image.Dither.NONE).save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()
