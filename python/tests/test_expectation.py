"""What an expectation makes of events, without a modem."""

from __future__ import annotations

import pytest

from eg91xq.expectation import Event, Expectation


def event(seq: int, kind: str, **members: object) -> Event:
    return {"seq": seq, "t": seq / 10, "kind": kind, **members}


def shown(expectation: Expectation, *events: Event) -> Expectation:
    for each in events:
        expectation.see(each)
    return expectation


URC = event(2, "urc", channel="uart1", line="+QMTOPEN: 0,0")
BYTES = event(1, "tx", channel="uart1", bytes="", text="\\x0D\\x0A+QMTOPEN: 0,0\\x0D\\x0A")
PUBLISH = event(3, "packet", client=0, type="publish", qos=1, topic="a/b")


def test_a_text_is_found_in_line_and_topic() -> None:
    assert shown(Expectation(["QMTOPEN: 0,0", "^a/"]), URC, PUBLISH).matched == [URC, PUBLISH]


def test_what_is_on_a_line_is_not_counted_again_as_bytes() -> None:
    expectation = shown(Expectation(["QMTOPEN", "QMTOPEN"]), BYTES, URC)
    assert not expectation.complete
    assert not expectation.in_bytes().complete


def test_what_no_line_has_is_found_in_bytes() -> None:
    payload = event(4, "rx", channel="uart1", bytes="", text="hello")
    expectation = shown(Expectation(["hello"]), payload, URC)
    assert not expectation.complete
    assert expectation.in_bytes().matched == [payload]


def test_a_request_of_the_test_itself_is_not_what_it_waits_for() -> None:
    asked = event(1, "control", line='+QIND: "X"', path="/v1/modems/modem0/urc")
    assert not shown(Expectation(["QIND"]), asked).in_bytes().complete


def test_members_are_expressions_or_equal() -> None:
    assert shown(Expectation([{"kind": "packet", "type": "^pub", "qos": 1}]), PUBLISH).complete
    assert not shown(Expectation([{"kind": "packet", "qos": 2}]), PUBLISH).complete
    assert not shown(Expectation([{"kind": "packet", "qos": True}]), PUBLISH).complete
    assert not shown(Expectation([{"kind": "packet", "retain": False}]), PUBLISH).complete


def test_an_event_satisfies_one_pattern() -> None:
    assert not shown(Expectation(["QMTOPEN", "0,0"]), URC).complete


def test_order_is_kept_when_asked_for() -> None:
    assert shown(Expectation(["^a/", "QMTOPEN"]), URC, PUBLISH).matched == [PUBLISH, URC]
    assert not shown(Expectation(["^a/", "QMTOPEN"], ordered=True), URC, PUBLISH).complete


def test_what_must_not_come_counts_until_all_came() -> None:
    bad = event(5, "lint", text="data before the prompt")
    assert not shown(Expectation(["^a/"], none=["before"]), bad, PUBLISH).complete
    assert shown(Expectation(["^a/"], none=["before"]), PUBLISH, bad).complete


def test_a_miss_tells_the_nearest() -> None:
    failed = event(7, "urc", channel="uart1", line="+QMTOPEN: 0,3")
    text = shown(Expectation([r"\+QMTOPEN: 0,0", "a/b"]), failed, PUBLISH).miss(5)
    assert text.splitlines()[:3] == [
        "1 of 2 did not come within 5 s:",
        "  missing: '\\\\+QMTOPEN: 0,0'",
        "    #7        0.700000  urc      uart1  +QMTOPEN: 0,3  (no match)",
    ]
    assert "came: 'a/b'" in text


def test_a_miss_of_members_tells_which() -> None:
    text = shown(Expectation([{"kind": "packet", "qos": 2, "id": 1}]), PUBLISH).miss(1)
    assert "(qos is 1, it has no id)" in text


def test_a_pattern_without_a_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="kind"):
        Expectation([{"line": "x"}])


def test_what_is_lost_is_told_of_the_bytes_too() -> None:
    expectation = shown(Expectation(["hello"]), URC)
    expectation.lost += 3
    assert expectation.in_bytes().lost == 3
