"""Address of a provider's API, and who said it: the settings, a variable that the SDKs read, or the provider."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from lmp.errors import SetupFault

SETTINGS, PROVIDER = "--base-url or the settings", "the provider"
"""Sources of an address besides a variable of the environment."""


@dataclass(frozen=True)
class Provider:
    """A provider as its SDK knows it.

    Attributes:
        name: For a person.
        url: Its own address.
        url_variable: The variable that names another address; its SDK documents it.
        key_variables: Variables that hold a key, the first that is set counts.
    """

    name: str
    url: str
    url_variable: str
    key_variables: tuple[str, ...]


OPENAI = Provider("OpenAI", "https://api.openai.com/v1", "OPENAI_BASE_URL", ("OPENAI_API_KEY",))
ANTHROPIC = Provider(
    "Anthropic", "https://api.anthropic.com", "ANTHROPIC_BASE_URL", ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")
)


@dataclass(frozen=True)
class Address:
    """An address that holds.

    Attributes:
        url: Without a slash at its end.
        source: `SETTINGS`, `PROVIDER`, or the name of a variable.
        official: Whether it is the provider itself, whoever named it.
    """

    url: str
    source: str
    official: bool

    @property
    def host(self) -> str:
        """The server's name and port; never what else is in an address."""
        return urlsplit(self.url).netloc.rpartition("@")[2] or "the server"


def address_of(provider: Provider, explicit: str | None) -> Address:
    """The address that holds: an explicit one, else the variable's, else the provider's own.

    Raises:
        SetupFault: The variable holds no address.
    """
    said = os.environ.get(provider.url_variable, "").strip()
    url, source = (explicit, SETTINGS) if explicit else (said, provider.url_variable) if said else (provider.url, PROVIDER)
    url = url.rstrip("/")
    if not url.startswith(("http://", "https://")):
        raise SetupFault(
            f"{provider.url_variable} does not hold an address: one that begins with http:// or https:// is needed. "
            "Or give --base-url, which counts more."
        )
    return Address(url, source, urlsplit(url).hostname == urlsplit(provider.url).hostname)


def is_loopback(url: str) -> bool:
    """True if an address is on this machine, where no proxy can help."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback or (mapped or address).is_unspecified
