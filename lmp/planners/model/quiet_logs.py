"""Keeps keys out of the logs of HTTP libraries: a server may send a key back in a header or a status line, which they log."""

from __future__ import annotations

import logging

from lmp.planners.model.keys import Key

LOGGERS = tuple(
    f"{library}{part}"
    for library, parts in (
        ("httpx", ("",)),
        ("httpcore", ("", ".connection", ".http11", ".http2", ".proxy", ".socks")),
        ("httpx2", ("",)),
        ("httpcore2", ("", ".connection", ".http11", ".http2", ".proxy", ".socks")),
        ("openai", ("", "._base_client")),
        ("anthropic", ("", "._base_client")),
        ("instructor", ("", ".v2.retry")),
    )
    for part in parts
)
"""A filter holds for the very logger that it is put on, so they are listed."""


class _Hiding(logging.Filter):
    def __init__(self) -> None:
        super().__init__()
        self.keys: list[Key] = []

    def filter(self, record: logging.LogRecord) -> bool:
        told = record.getMessage()
        hidden = told
        for key in self.keys:
            hidden = key.hidden_in(hidden)
        if hidden != told:
            record.msg, record.args = hidden, ()
        return True


_HIDING = _Hiding()


def keep_out_of_logs(key: Key) -> None:
    """Takes a key out of what the libraries log from now on."""
    if not key.known or key in _HIDING.keys:
        return
    _HIDING.keys.append(key)
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_HIDING)
