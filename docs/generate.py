"""Writes the pages that are generated, or have generated tables.

These are `docs/cli.md`, `docs/failures.md`, the tables in `docs/flow.md` and `docs/models.md`, what models are sent in
`docs/requests.md` and `docs/requests/`, and the JSON Schemas in `docs/schema/`. Run it with `make docs`; a test compares what
it would write with what is there.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import pkgutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from pydantic import TypeAdapter

import lmp.primitives.skills
from lmp.config import Settings
from lmp.schema.condition import AnyCondition, KnownTarget
from lmp.schema.episode import Episode
from lmp.schema.exchange import Exchange
from lmp.schema.findings import Execution, Verification
from lmp.schema.motion import PathShape
from lmp.schema.observation import Observation
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.plan_file import PlanFile
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene
from lmp.schema.scene_file import SceneFile
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict

DOCS = Path(__file__).parent
TABLE, END = "<!-- responses: written by `make docs` -->", "<!-- end -->"
TYPES = {
    "condition": AnyCondition,
    "episode": Episode,
    "exchange": Exchange,
    "execution": Execution,
    "joint_trajectory": JointTrajectory,
    "observation": Observation,
    "path_shape": PathShape,
    "place_target": KnownTarget,
    "plan_file": PlanFile,
    "refusal": Refusal,
    "robot": RobotDescription,
    "scene": Scene,
    "scene_file": SceneFile,
    "settings": Settings,
    "subgoal": Subgoal,
    "verdict": Verdict,
    "verification": Verification,
}


def schemas() -> dict[str, str]:
    """The text of every published JSON Schema, by path below `docs`."""
    for module in pkgutil.iter_modules(lmp.primitives.skills.__path__, "lmp.primitives.skills."):
        importlib.import_module(module.name)
    skills = {
        f"skills/{cls.model_fields['kind'].default}": cls
        for cls in SkillParameters.__subclasses__()
        if cls.__module__.startswith("lmp.primitives.skills.")
    }
    return {
        f"schema/{name}.json": json.dumps(TypeAdapter(kind).json_schema(), indent=2, ensure_ascii=False) + "\n"
        for name, kind in sorted({**TYPES, **skills}.items())
    }


def command_page() -> str:
    """The page of the command line, from the commands' own help."""
    command = [
        sys.executable,
        "-m",
        "typer",
        str(DOCS / "command_line.py"),
        "utils",
        "docs",
        "--name",
        "lmp",
        "--title",
        "The command line",
    ]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return "<!-- Written by `make docs`; a test compares it with the commands' own help. -->\n\n" + text.strip() + "\n"


def flow_page() -> str:
    """The page of the flow, with the response table as the loop uses it."""
    rows = ["| failure | what it means | responses, in turn | then |", "|---|---|---|---|"]
    for outcome in Outcome.all():
        if (rule := outcome.recovery) is not None:
            steps = "; ".join(f"{times} x {response.value}" for response, times in rule.steps)
            rows.append(f"| `{outcome.value}` | {outcome.message} | {steps} | {rule.then.value} |")
    before, _, rest = (DOCS / "flow.md").read_text(encoding="utf-8").partition(TABLE)
    return before + TABLE + "\n" + "\n".join(rows) + "\n" + END + rest.partition(END)[2]


def failures_page() -> str:
    """The page of the failures; `docs/failures/record.py` recorded what it shows."""
    return str(_loaded("failures", "page").failures_page())


def models_page() -> str:
    """The page of the planners that ask a model, with settings and faults as the code has them."""
    return str(_loaded("models", "tables").models_page())


def request_pages() -> dict[str, str]:
    """What the providers are sent for each prompt, by path below `docs`."""
    found: dict[str, str] = _loaded("requests", "page").request_pages()
    return found


def _loaded(folder: str, name: str) -> ModuleType:
    """A module of a folder of `docs`; it finds its neighbours by their names."""
    spec = importlib.util.spec_from_file_location(f"{folder}_{name}", DOCS / folder / f"{name}.py")
    assert spec is not None and spec.loader is not None
    page = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(DOCS / folder))
    try:
        spec.loader.exec_module(page)
    finally:
        sys.path.remove(str(DOCS / folder))
    return page


def pages() -> dict[str, str]:
    """Every generated page, by path below `docs`."""
    text = {"cli.md": command_page(), "failures.md": failures_page(), "flow.md": flow_page(), "models.md": models_page()}
    return {**text, **request_pages(), **schemas()}


def main() -> None:
    """Writes the pages, and removes schemas of types and requests of prompts that are no more."""
    wanted = pages()
    for old in (*(DOCS / "schema").rglob("*.json"), *(DOCS / "requests").glob("*.md")):
        if old.relative_to(DOCS).as_posix() not in wanted:
            old.unlink()
    for name, text in wanted.items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
