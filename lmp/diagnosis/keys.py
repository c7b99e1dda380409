"""The keys that are set, and where; no character of them goes anywhere but to the server that it is for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from lmp.diagnosis.finding import Finding
from lmp.errors import SetupFault
from lmp.planners.model.addresses import ANTHROPIC, OPENAI
from lmp.planners.model.keys import Key, first_key

PROVIDERS = (OPENAI, ANTHROPIC)


@dataclass
class Keys:
    """The keys that there are.

    Attributes:
        keys: By provider; one that is not there is a key that is not known.
        variables: Where each of them stands.
        findings: What is to be said about them.
    """

    keys: dict[str, Key] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def secrets(self) -> Iterator[str]:
        """The secrets that must not be shown."""
        return (key.signature() for key in self.keys.values() if key.known)


def look_for_keys() -> Keys:
    """Looks where planners look: in the environment, then in `.env`."""
    found = Keys()
    for provider in PROVIDERS:
        variable = provider.key_variables[0]
        try:
            variable, key = first_key(provider.key_variables)
        except SetupFault as fault:
            found.keys[provider.name] = Key(None)
            variable = next((name for name in provider.key_variables if name in str(fault)), variable)
            found.findings.append(_finding(variable, "problem", "set, and no key", str(fault), f"Set {variable} to a key."))
            continue
        found.keys[provider.name], found.variables[provider.name] = key, variable
        if key.known:
            where = "the environment" if (os.environ.get(variable) or "").strip() else ".env in the working directory"
            found.findings.append(_finding(variable, "ok", f"set, in {where}"))
        else:
            means = f"Models of {provider.name} cannot be asked. Runs with the scripted planner need no key."
            todo = f"If you want them: set {variable}, or write {variable}=... into a file .env in the working directory."
            found.findings.append(_finding(variable, "missing", "not set", means, todo))
    return found


def _finding(name: str, state: str, found: str, means: str = "", todo: str = "") -> Finding:
    return Finding.model_validate({"topic": "keys", "name": name, "state": state, "found": found, "means": means, "todo": todo})
