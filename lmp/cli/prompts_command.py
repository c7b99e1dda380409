"""`lmp prompts list | show NAME | check [FILE...]`: the prompts that models are asked with."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lmp.cli.exit_status import FAILED, SUCCEEDED
from lmp.cli.run_command import Json
from lmp.cli.standard_output import write_answer
from lmp.errors import BadFile, SetupFault

if TYPE_CHECKING:
    from lmp.prompts.lint import Answers

PROMPTS = typer.Typer(help="The prompts that models are asked with.", invoke_without_command=True, rich_markup_mode=None)

Folder = Annotated[
    Path | None,
    typer.Option("--prompts", help="A folder with prompt files that stand in for ours, or beside them.", metavar="FOLDER"),
]


@PROMPTS.callback()
def alone(context: typer.Context) -> int | None:
    """On its own it lists, like the other nouns."""
    return None if context.invoked_subcommand else listing()


@PROMPTS.command("list")
def listing(prompts: Folder = None, as_json: Json = False) -> int:
    """List the prompts: name, version, tokens without values (an estimate), hash, purpose, file."""
    from lmp.cli.display import console, show_table
    from lmp.prompts.lint import tokens
    from lmp.prompts.prompt_file import prompt_paths, read_prompt

    found = [read_prompt(path) for _, path in sorted(prompt_paths(prompts).items())]
    if as_json:
        rows: list[dict[str, Any]] = [
            {
                "name": prompt.name,
                "version": prompt.version,
                "question": prompt.header.question,
                "tokens": tokens(prompt),
                "sha256": prompt.sha256,
                "purpose": prompt.header.purpose,
                "file": str(prompt.path),
            }
            for prompt in found
        ]
        _write(rows)
        return SUCCEEDED
    columns = ("name", "version", "tokens", "hash", "purpose", "file")
    cells = [
        (prompt.name, prompt.version, f"~{tokens(prompt)}", prompt.sha256[:12], prompt.header.purpose, str(prompt.path))
        for prompt in found
    ]
    show_table(cells, columns, console())
    return SUCCEEDED


@PROMPTS.command("show")
def show(name: Annotated[str, typer.Argument(help="Its name.", metavar="NAME")], prompts: Folder = None) -> int:
    """Print a prompt file."""
    from lmp.prompts.prompt_file import load_prompt

    text = load_prompt(name, prompts).text
    # The file is the person's own; only what could steer a terminal is left out of it.
    shown = "".join(sign if sign.isprintable() or sign in "\n\t" else "\N{REPLACEMENT CHARACTER}" for sign in text)
    sys.stdout.write(shown if shown.endswith("\n") else shown + "\n")
    return SUCCEEDED


@PROMPTS.command("check")
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Prompt files; all prompts without any.", metavar="[FILE]...")
    ] = None,
    prompts: Folder = None,
    as_json: Json = False,
) -> int:
    """Lint prompts and test their golden answers; the status is 1 if there are complaints."""
    from lmp.cli.printable import printable
    from lmp.prompts.prompt_file import prompt_paths

    known = prompt_paths(prompts)
    paths = files or [known[name] for name in sorted(known)]
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        raise SetupFault(f"There is no file {', '.join(map(repr, missing))}; `lmp prompts check` takes prompt files.")
    answers = _answers()
    rows = [{"file": str(path), **_checked(path, prompts, answers)} for path in paths]
    if as_json:
        _write(rows)
    else:
        for row in rows:
            golden = f", {row['golden']} golden answers" if row["golden"] else ""
            count = len(row["complaints"])
            verdict = f"{count} complaint{'s' if count > 1 else ''}" if count else f"good{golden}"
            sys.stdout.write(f"{printable(row['file'])}: {verdict}\n")
            sys.stdout.writelines(f"  {printable(complaint)}\n" for complaint in row["complaints"])
    return FAILED if any(row["complaints"] for row in rows) else SUCCEEDED


def _checked(path: Path, folder: Path | None, answers: Answers) -> dict[str, Any]:
    """Everything that is wrong with a prompt file, and how many golden answers were tried."""
    from lmp.prompts.golden import golden_complaints, golden_paths
    from lmp.prompts.lint import lint, tokens
    from lmp.prompts.prompt_file import read_prompt

    try:
        prompt = read_prompt(path)
    except BadFile as error:
        return {"name": path.stem, "tokens": None, "sha256": None, "golden": 0, "complaints": list(error.complaints)}
    golden = golden_paths(prompt.name, folder)
    complaints = [*lint(prompt, answers), *golden_complaints(prompt, golden, answers.get(prompt.header.question, ()))]
    facts = {"name": prompt.name, "tokens": tokens(prompt), "sha256": prompt.sha256, "golden": len(golden)}
    return {**facts, "complaints": complaints}


def _answers() -> Answers:
    """The schemas that the answers have to fit, for the skills of the registry."""
    from lmp import registry
    from lmp.planners.model.answers import VerifyAnswer, correct_answer, decompose_answer, ground_answer, plan_answer

    skills = {name: registry.load("skill", name).spec for name in registry.known("skill")}
    return {
        "decompose": (decompose_answer(skills),),
        "plan": (plan_answer(skills),),
        "ground": tuple(ground_answer(skill) for skill in skills.values()),
        "correct": tuple(correct_answer(skill) for skill in skills.values()),
        "verify": (VerifyAnswer,),
    }


def _write(rows: list[dict[str, Any]]) -> None:
    write_answer(json.dumps(rows, ensure_ascii=False))
