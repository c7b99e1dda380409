"""`--disturb KIND[:AMOUNT]` is read or refused in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmp.errors import SetupFault, UnknownName
from lmp.lab.commands.disturb_option import KINDS
from lmp.lab.disturbances.kinds import DISTURBANCES
from lmp.lab.disturbances.request import parse_disturbance

WITH_AMOUNT = sorted(name for name, kind in DISTURBANCES.items() if kind.quantity)


@given(st.sampled_from(WITH_AMOUNT), st.floats(0.0, 1.0))
def test_an_amount_in_its_range_is_read_and_told_again(name: str, share: float) -> None:
    kind = DISTURBANCES[name]
    amount = kind.low + share * (kind.high - kind.low)
    request = (
        parse_disturbance(f"{name}:{amount:.6f}") if kind.low <= round(amount, 6) <= kind.high else parse_disturbance(name)
    )
    assert request.kind == name
    assert kind.low <= request.amount <= kind.high
    assert parse_disturbance(str(request)).kind == name
    assert parse_disturbance(str(request)).amount == pytest.approx(request.amount, abs=1e-9)


@given(st.one_of(st.text(max_size=60), st.builds("{}:{}".format, st.sampled_from(sorted(DISTURBANCES)), st.text(max_size=30))))
def test_whatever_comes_is_read_or_refused_in_words(text: str) -> None:
    try:
        request = parse_disturbance(text)
    except SetupFault as error:
        assert "disturb" in str(error)
    else:
        kind = DISTURBANCES[request.kind]
        assert kind.low <= request.amount <= kind.high


def test_wrong_amounts_say_what_is_allowed() -> None:
    for text in ("knock:fast", "knock:", "knock:-0.1", "knock:nan", "knock:inf", "knock:1e9", "knock:2", "knock:0.4:1"):
        with pytest.raises(SetupFault, match=r"knock:AMOUNT takes the speed .* from 0 to 1 m/s \(0.3 by default\), got"):
            parse_disturbance(text)
    with pytest.raises(SetupFault, match="steal takes no amount, got '3'"):
        parse_disturbance("steal:3")
    with pytest.raises(UnknownName, match="Did you mean 'block-path'"):
        parse_disturbance("blok-path:0.1")


def test_every_kind_has_an_amount_in_its_range_by_default_and_is_named_in_the_help() -> None:
    for kind in DISTURBANCES.values():
        assert kind.low <= kind.default <= kind.high
        assert (kind.strike is None) == (kind.faults is not None) == (kind.moment is None)
    words = [entry.removesuffix(f" {entry.split()[-1]}") if " " in entry else entry for entry in KINDS.split(", ")]
    assert [parse_disturbance(word).kind for word in words] == list(DISTURBANCES)
    assert all(parse_disturbance(word) == parse_disturbance(word.partition(":")[0]) for word in words)
