"""`lmp doctor`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from lmp.cli.exit_status import FAILED, SUCCEEDED
from lmp.cli.run_command import Json
from lmp.cli.standard_output import write_answer
from lmp.errors import SetupFault


def doctor(
    base_url: Annotated[
        str | None, typer.Option("--base-url", help="An OpenAI-compatible server to look at, such as http://127.0.0.1:8000/v1.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Where runs would go.")] = Path("runs"),
    offline: Annotated[bool, typer.Option("--offline", help="Ask no server.")] = False,
    as_json: Json = False,
) -> int:
    """Look at what is installed, which keys are set, which servers answer, what renders.

    Exit status 1 if a run without a key would not work.
    """
    from lmp.diagnosis.examination import examine
    from lmp.diagnosis.finding import all_that_is_needed_works

    if base_url is not None and not base_url.startswith(("http://", "https://")):
        raise SetupFault("--base-url takes an address that begins with http:// or https://, such as http://127.0.0.1:8000/v1.")
    findings = tuple(examine(out, base_url, offline=offline))
    works = all_that_is_needed_works(findings)
    if as_json:
        write_answer(json.dumps({"ok": works, "findings": [one.model_dump() for one in findings]}))
    else:
        from lmp.cli.doctor_display import show_examination

        show_examination(findings, works, offline)
    return SUCCEEDED if works else FAILED
