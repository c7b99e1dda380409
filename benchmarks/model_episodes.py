"""Free-form instructions, carried out by a planner that asks a model: validity of its answers, motions, success.

    python benchmarks/model_episodes.py held_out --planner openai:MODEL --base-url http://127.0.0.1:8000/v1 --out runs/model

Success is judged by the truth of each episode on the simulator's poses and contacts (`lmp/lab/truth/truth.py`), which shares no
code with the verifier; where an instruction cannot be followed, by a refusal without motion. The table is printed from the
run folders, so it can be made again without a model: `--table runs/model`.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from lmp import run
from lmp.lab.evaluate.wilson import wilson_interval
from lmp.lab.truth.truth import AnyPredicate, judge
from lmp.lab.truth.truth_snapshot import Snapshot
from lmp.model_settings import ModelSettings
from lmp.planners.model.verdict_words import REFUSES
from lmp.record import RunFolder
from lmp.schema.budget import Budget
from lmp.schema.episode import Episode
from lmp.schema.exchange import Exchange
from lmp.schema.plan import ABSENT, AMBIGUOUS, IMPOSSIBLE, INFEASIBLE, NOT_UNDERSTOOD
from lmp.schema.scene_file import SceneFile
from lmp.schema.world_spec import with_option
from lmp.sims.scenes.loader import load_scene_file

FOLDER = Path(__file__).parent / "model_episodes"
REFUSED = (ABSENT, AMBIGUOUS, IMPOSSIBLE, NOT_UNDERSTOOD, INFEASIBLE)
PREDICATE: TypeAdapter[Any] = TypeAdapter(AnyPredicate)
RELATIONS = ("on", "in", "left_of", "right_of", "in_front_of", "behind", "next_to")


@dataclass(frozen=True)
class Row:
    """One episode in figures."""

    say: str
    world: str
    seed: int
    outcome: str
    right: bool
    false_success: bool
    why: str
    questions: int
    valid_first: int
    valid: int
    primitives: int
    compiled_first: int
    calls: int
    subgoals: int
    replans: int
    tokens: int
    seconds: float


def truth_of(words: str, before: Snapshot) -> Any:
    """A predicate from its short form: ``in A B``, ``between A B C``, ``moved A left 0.1``, ``any: ... | ...``, ``not ...``."""
    if words.startswith("any:"):
        return {"kind": "any", "of": [truth_of(part.strip(), before) for part in words[4:].split("|")]}
    kind, *rest = words.split()
    match kind:
        case "not":
            return {"kind": "not", "of": truth_of(" ".join(rest), before)}
        case "on_or_in":
            return {"kind": "any", "of": [truth_of(f"{relation} {' '.join(rest)}", before) for relation in ("on", "in")]}
        case "nearest_in":
            nearest = min(
                (thing for thing in before.objects if thing.name != rest[0]),
                key=lambda thing: abs(thing.middle[:2] @ thing.middle[:2]),
            )
            return truth_of(f"on_or_in {nearest.name} {rest[0]}", before)
        case "between":
            return {"kind": kind, "object": rest[0], "first": rest[1], "second": rest[2]}
        case "moved":
            return {"kind": kind, "object": rest[0], "direction": rest[1], "distance": float(rest[2])}
        case "held" | "cleared":
            return {"kind": kind, "object": rest[0]}
        case _ if kind in RELATIONS:
            return {"kind": kind, "object": rest[0], "reference": rest[1]}
        case _:
            raise ValueError(f"no predicate {kind!r}; known: {', '.join(RELATIONS)}, between, moved, held, cleared, any:, not")


def judged(truth: list[str], episode: Episode, scene: SceneFile) -> tuple[bool, str]:
    """Whether the episode ended as it should have, and what decided it."""
    moved = any(attempt.execution is not None for attempt in episode.attempts)
    if truth == ["refuse"]:
        return episode.outcome in REFUSED and not moved, f"{episode.outcome.value}, {'moved' if moved else 'nothing moved'}"
    if episode.scene_before is None or episode.scene_after is None:
        return False, "the world does not tell"
    before, after = Snapshot(scene, episode.scene_before), Snapshot(scene, episode.scene_after)
    predicate = PREDICATE.validate_python({"kind": "all", "of": [truth_of(words, before) for words in truth]})
    found = judge(predicate, before, after)
    return found.holds, found.why


def row_of(asked: Mapping[str, Any], folder: Path) -> Row:
    """The figures of a recorded run."""
    record = RunFolder.open(folder)
    episode = record.episode()
    exchanges = [record.load("exchanges", name, Exchange) for name in record.names("exchanges")]
    grounding = [exchange for exchange in exchanges if exchange.question in ("ground", "correct", "plan")]
    holds, why = judged(asked["truth"], episode, load_scene_file(asked["world"]))
    use = episode.models
    return Row(
        say=asked["say"],
        world=asked["world"],
        seed=asked["seed"],
        outcome=episode.outcome.value,
        right=holds and (asked["truth"] == ["refuse"] or episode.verified),
        false_success=episode.verified and not holds,
        why=why if holds else f"{why} | {episode.error or ''}",
        questions=len(exchanges),
        valid_first=sum(bool(exchange.turns) and not exchange.turns[0].complaints for exchange in exchanges),
        valid=sum(exchange.answer is not None and not exchange.fault for exchange in exchanges),
        primitives=len(grounding),
        compiled_first=sum(not _refused_by_compiler(exchange) for exchange in grounding),
        calls=0 if use is None else use.calls,
        subgoals=len(episode.subgoals),
        replans=episode.replans,
        tokens=0 if use is None else use.input_tokens + use.output_tokens,
        seconds=0.0 if use is None else use.seconds,
    )


def _refused_by_compiler(exchange: Exchange) -> bool:
    return any(REFUSES in complaint for turn in exchange.turns for complaint in turn.complaints)


def table(rows: list[Row]) -> Iterator[str]:
    """The figures of all episodes in Markdown."""

    def share(name: str, part: int, whole: int) -> str:
        low, high = wilson_interval(part, whole)
        return f"| {name} | {part} of {whole} | {part / max(whole, 1):.0%} | {low:.0%} to {high:.0%} |"

    yield "| what | count | share | 95 % |"
    yield "|---|---|---|---|"
    yield share("answers valid at the first try", sum(row.valid_first for row in rows), sum(row.questions for row in rows))
    yield share("answers valid after re-asks", sum(row.valid for row in rows), sum(row.questions for row in rows))
    yield share(
        "primitives that compile at the first try", sum(row.compiled_first for row in rows), sum(row.primitives for row in rows)
    )
    yield share("episodes that ended rightly", sum(row.right for row in rows), len(rows))
    yield share("false successes", sum(row.false_success for row in rows), len(rows))
    calls, subgoals = sum(row.calls for row in rows), sum(row.subgoals for row in rows)
    yield ""
    yield f"{calls} calls for {subgoals} subgoals in {len(rows)} episodes, {sum(row.tokens for row in rows)} tokens."
    for row in rows:
        mark = "right" if row.right else "WRONG"
        told = f"{row.outcome}, {row.calls} calls, {row.replans} replans; {row.why[:200]}"
        yield f"- {mark}: {row.world} {row.seed} “{row.say}”: {told}"


def main() -> None:
    """Runs the episodes that have no run folder yet, then prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("episodes", choices=sorted(path.stem for path in FOLDER.glob("*.toml")))
    parser.add_argument("--planner", default="scripted", help="openai:MODEL, anthropic:MODEL, transformers:FOLDER or scripted")
    parser.add_argument("--base-url")
    parser.add_argument("--one-call", action="store_true")
    parser.add_argument("--disturb", help="what goes wrong in every episode, as for lmp run")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run folders; what is there is not run again")
    parser.add_argument("--share", default="0/1", help="K/N: only every N-th episode from the K-th on")
    parser.add_argument("--table", action="store_true", help="only print the table")
    parser.add_argument("--seconds", type=float, default=3600.0, help="time that one answer may take [s]")
    asked = parser.parse_args()
    first, step = (int(number) for number in asked.share.split("/"))
    listed = tomllib.loads((FOLDER / f"{asked.episodes}.toml").read_text())["episode"]
    model = ModelSettings(base_url=asked.base_url, one_call=asked.one_call, seconds=asked.seconds)
    rows = []
    for index, episode in enumerate(listed):
        folder = asked.out / f"{asked.episodes}-{index:02d}"
        if index % step != first or (asked.table and not (folder / "episode.json").is_file()):
            continue
        if not (folder / "episode.json").is_file():
            run(
                episode["say"],
                world=with_option(episode["world"], "disturb", asked.disturb) if asked.disturb else episode["world"],
                seed=episode["seed"],
                planner=asked.planner,
                model=None if asked.planner == "scripted" else model,
                out=folder,
                budget=Budget(seconds=86400.0),
            )
        rows.append(row_of(episode, folder))
        print(json.dumps(asdict(rows[-1])), flush=True)
    print("\n".join(table(rows)))


if __name__ == "__main__":
    main()
