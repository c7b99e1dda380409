"""The tables of the page of models: settings, limits and faults, from the code that they describe."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from lmp.errors import SetupFault
from lmp.model_settings import ModelSettings, Prices
from lmp.planners.model import faults, replay_client
from lmp.schema.budget import Budget

PAGE = Path(__file__).parents[1] / "models.md"
OF_MODELS = ("calls", "tokens", "cost", "seconds")
"""The limits of a run that bound what is asked of models."""


def models_page() -> str:
    """The page, with its tables as the code has them."""
    text = PAGE.read_text(encoding="utf-8")
    limits = [row for row in _fields(Budget) if row[0] in OF_MODELS]
    tables = {
        "settings": _table(("field", "default", "allowed", "what it does"), _fields(ModelSettings)),
        "prices": _table(("field", "default", "allowed", "what it does"), _fields(Prices)),
        "limits": _table(("field", "default", "allowed", "what it does"), limits),
        "faults": _table(("fault", "why there is no answer", "outcome of the run"), _faults()),
    }
    for name, table in tables.items():
        begins, ends = f"<!-- {name}: written by `make docs` -->", "<!-- end -->"
        before, found, rest = text.partition(begins)
        assert found, f"{PAGE.name} has no place for the table of {name}"
        text = before + begins + "\n" + table + "\n" + ends + rest.partition(ends)[2]
    return text


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    cells = [head, ("---",) * len(head), *((f"`{first}`", *rest) for first, *rest in rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells)


def _fields(model: type[BaseModel]) -> list[tuple[str, ...]]:
    """Each field: its default, what is allowed, and what its description and the class's documentation say of it."""
    told = _attributes(model)
    properties = model.model_json_schema()["properties"]
    rows = []
    for name, field in model.model_fields.items():
        described = _descriptions(properties[name])
        unit = re.search(r" \[[^]]+\]$", described)
        words = f"{told[name].rstrip('.')}{unit[0] if unit else ''}" if name in told else described
        default = "needed" if field.is_required() else f"`{json.dumps(field.get_default(call_default_factory=True))}`"
        rows.append((name, default, _allowed(properties[name]), words))
    return rows


def _attributes(model: type[BaseModel]) -> dict[str, str]:
    """What the section `Attributes` of a docstring says, by name."""
    section = inspect.getdoc(model).partition("Attributes:\n")[2]  # type: ignore[union-attr]
    found = re.findall(r"^    (\w[\w, ]*): (.*(?:\n {8}.*)*)", section, re.M)
    return {name: " ".join(words.split()) for names, words in found for name in names.split(", ")}


def _descriptions(node: dict[str, Any]) -> str:
    parts = [node, *node.get("anyOf", ())]
    return "; ".join(dict.fromkeys(part["description"] for part in parts if "description" in part and "properties" not in part))


def _allowed(node: dict[str, Any]) -> str:
    """Values, or the range of a number, or the kind."""
    if "anyOf" in node:
        return ", or ".join(_allowed(part) for part in node["anyOf"])
    if "enum" in node:
        return ", ".join(f"`{value}`" for value in node["enum"])
    if "$ref" in node:
        return "a table, below"
    kind = {"null": "null", "boolean": "true, false", "string": "text"}.get(node.get("type", ""), "")
    if node.get("type") == "array":
        return "a list of names"
    if node.get("type") == "object":
        return "a table"
    if "pattern" in node:
        kind = "a URL"
    if kind:
        return kind
    low = f"above {_number(node['exclusiveMinimum'])}" if "exclusiveMinimum" in node else _number(node["minimum"])
    return f"{low} to {_number(node['maximum'])}"


def _number(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if value == int(value) else str(value)


def _faults() -> list[tuple[str, ...]]:
    kinds = [
        kind
        for module in (faults, replay_client)
        for _, kind in sorted(
            inspect.getmembers(module, inspect.isclass), key=lambda found: inspect.getsourcelines(found[1])[1]
        )
        if kind.__module__ == module.__name__
        and issubclass(kind, (faults.ModelFault, SetupFault))
        and kind is not faults.ModelFault
    ]
    spent = faults.ModelBudgetSpent
    return [
        (kind.__name__, inspect.getdoc(kind) or "", "`out_of_budget`" if kind is spent else "`planner_failed`")
        for kind in kinds
    ]
