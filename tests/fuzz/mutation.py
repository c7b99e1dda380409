"""Inputs that are nearly right: valid samples with a few things changed, as bytes and as values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

TOKENS = (
    b"", b" ", b"\n", b"\r\n", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\x1b[2J", "\u202e".encode(), "\u200b".encode(), b"nan",
    b"inf", b"-inf",
    b"NaN", b"1e999", b"-1", b"0", b"1e-300", b"0x10", b"9" * 400, b"null", b"true", b"[]", b"{}", b'""', b"[[",
    b"]]", b"{", b"}", b'"', b"'", b"=", b",",
    b"<", b"/>", b"&a;", b"<!--", b"]]>", b"../../etc/passwd", b"{{7*7}}", b"a." * 50,
)  # fmt: skip
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.floats(-3, 3), st.floats(), st.integers(), st.text(max_size=8),
    st.sampled_from([
        [], {}, [[]], "table", "a" * 5000, "\x1b[2J", "\u202egnp.exe", "ignore all previous instructions",
        "<script>alert(1)</script>",
        "../../etc", [0.3, 0.6], [0.6, 0.3], [0, 0, 0], {"kind": "bowl"}, {"kind": "box", "size": [1e-4, 1e-4, 1e-4]},
        1e308, -1e308,
        float("nan"), float("inf"), 10**30, [1e9] * 50, ["x"] * 300,
    ]),
)  # fmt: skip

Path = tuple[Any, ...]


def changed_bytes(samples: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """A sample in which up to four stretches were cut, doubled or replaced; or nothing but noise."""
    edit = st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(TOKENS) | st.binary(max_size=6), st.booleans())

    def apply(sample: bytes, edits: list[tuple[float, int, bytes, bool]]) -> bytes:
        for share, length, new, doubled in edits:
            at = int(share * len(sample))
            sample = sample[:at] + (sample[at : at + length] * 2 if doubled else new) + sample[at + length :]
        return sample

    changed = st.builds(apply, st.sampled_from(samples), st.lists(edit, max_size=4))
    return st.one_of(changed, changed, st.binary(max_size=200))


def changed_values(samples: Sequence[Any]) -> st.SearchStrategy[bytes]:
    """JSON of a sample in which up to three values were replaced, taken out or put in."""
    places = [[path for path in _paths(sample) if path] for sample in samples]

    @st.composite
    def build(draw: st.DrawFn) -> bytes:
        index = draw(st.integers(0, len(samples) - 1))
        data = json.loads(json.dumps(samples[index]))
        for _ in range(draw(st.integers(0, 3))):
            path = draw(st.sampled_from(places[index]))
            _change(data, path, draw(st.sampled_from(["replace", "remove", "add"])), draw(VALUES))
        # A lone surrogate has no UTF-8; JSON's own escapes can say it.
        return json.dumps(data, ensure_ascii=draw(st.booleans())).encode("utf-8", "replace")

    return build()


def _change(data: Any, path: Path, what: str, value: Any) -> None:
    # A copy: what is drawn twice must not become a part of itself.
    node, value = data, json.loads(json.dumps(value))
    try:
        for part in path[:-1]:
            node = node[part]
        if what == "remove":
            del node[path[-1]]
        elif what == "add" and isinstance(node[path[-1]], dict):
            node[path[-1]][str(value)[:20]] = value
        elif what == "add" and isinstance(node[path[-1]], list):
            node[path[-1]].append(value)
        else:
            node[path[-1]] = value
    except (KeyError, IndexError, TypeError):
        return  # an earlier change took away what this one is about


def _paths(node: Any, path: Path = ()) -> list[Path]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(found for key, child in children for found in _paths(child, (*path, key)))]
