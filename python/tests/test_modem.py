"""[CTL-20] against the real program."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conftest import Host
from eg91xq import ControlError, Modem, ModemError
from eg91xq.control import Json, Stream

Open = Callable[[Modem], Host]


def connect(modem: Modem, host: Host) -> None:
    host.type('AT+QMTOPEN=0,"broker.demo",1883\r')
    modem.expect(r"\+QMTOPEN: 0,0")
    host.type('AT+QMTCONN=0,"c"\r')
    modem.expect(r"\+QMTCONN: 0,0,0")


def test_it_tells_where_everything_is(modem: Modem) -> None:
    assert Path(modem.port).exists()
    assert [port.kind for port in modem.ports] == ["pty"]
    broker = modem.broker
    assert modem.services["http"].port and modem.services["echo"].tls_port
    assert broker is not None and broker.host == "127.0.0.1" and broker.ca is not None
    assert Path(broker.ca).read_text().startswith("-----BEGIN CERTIFICATE")
    assert len({broker.port, broker.tls_port, broker.mtls_port}) == 3
    assert modem.control.startswith("http://127.0.0.1:")


def test_a_session_is_seen(modem: Modem, host: Host) -> None:
    connect(modem, host)
    host.type('AT+QMTPUBEX=0,1,1,0,"plant/1",5\r')
    modem.expect({"kind": "prompt", "wanted": 5})
    host.type("hello")
    publish, urc = modem.expect("^plant/1$", r"\+QMTPUBEX: 0,1,0", ordered=True)
    assert (publish["kind"], publish["type"], publish["qos"]) == ("packet", "publish", 1)
    assert urc["kind"] == "urc"
    assert modem.state()["clients"][0]["state_name"] == "connected"


def test_a_fault_acts_on_cue(modem: Modem, host: Host) -> None:
    fault = modem.fault("cme", command="^\\+CSQ", nth=2, count=1, name="busy", code=14)
    host.type("AT+CMEE=1\r")
    modem.expect({"kind": "result", "line": "OK"})
    host.type("AT+CSQ\r")
    modem.expect({"kind": "result", "line": "OK"}, none={"kind": "fault"})
    assert fault.applied == 0
    host.type("AT+CSQ\r")
    modem.expect({"kind": "fault", "name": "busy"}, r"\+CME ERROR: 14")
    assert fault.applied == 1
    assert [each["name"] for each in modem.faults()] == ["busy"]
    fault.remove()
    assert modem.faults() == []


def test_parameters_called_as_conditions_are_given_apart(modem: Modem) -> None:
    modem.fault("message", name="told", client=0, params={"topic": "t"}, payload="ok")
    told = next(each for each in modem.faults() if each["name"] == "told")
    assert told["params"]["topic"] == "t"
    assert "topic" not in told["when"]


def test_conditions_are_keywords(modem: Modem) -> None:
    modem.fault("reply-drop", client=2, topic="a/#", every=3, probability=0.5, seed=9, to=60,
                from_=1, state="connected")
    assert modem.faults()[0]["when"] == {
        "client": 2, "topic": "a/#", "every": 3, "probability": 0.5, "from": 1.0, "to": 60.0,
        "state": "connected",
    }  # fmt: skip
    modem.clear_faults()
    assert modem.faults() == []


def test_a_refusal_names_the_field(modem: Modem) -> None:
    with pytest.raises(ControlError, match="3600000") as wrong:
        modem.fault("reply-delay", ms=-1)
    assert (wrong.value.status, wrong.value.field) == (400, "params.ms")
    modem.fault("reply-drop", name="f")
    with pytest.raises(ControlError) as stands:
        modem.fault("reply-drop", name="f")
    assert stands.value.status == 409


def test_a_urc_is_said(modem: Modem, host: Host) -> None:
    seq = modem.urc('+QIND: "X"')
    said = modem.expect('QIND: "X"')[0]
    assert (said["kind"], said["because"]) == ("urc", [seq])
    modem.urc('+QIND: "Y"', when="glued-to-result", channel="uart1")
    host.type("AT\r")
    assert modem.expect('QIND: "Y"')[0]["inserted"] == "glued-to-result"
    modem.urc(b"\x00raw")
    modem.expect({"kind": "urc", "line": r"\\x00raw"})


def test_surroundings_and_power(modem: Modem, host: Host) -> None:
    assert modem.set(signal={"rsrp": -118})["signal"]["rsrp"] == -118
    assert modem.state()["signal"]["rsrp"] == -118
    with pytest.raises(ControlError) as wrong:
        modem.set(signal={"rsrp": 3})
    assert wrong.value.field == "signal.rsrp"
    assert str(wrong.value) == "signal.rsrp must be -140 to -44"
    assert modem.power("off") == "off"
    assert modem.state()["power"] == "off"
    modem.power("on")
    modem.expect("RDY")


def test_what_is_around_it_is_planned(modem: Modem) -> None:
    modem.pause()
    now = modem.time()["now"]
    assert modem.set(after=5, signal={"rsrp": -118}) == {"at": pytest.approx(now + 5)}
    assert modem.set(at=now + 6, service="none") == {"at": pytest.approx(now + 6)}
    modem.advance(by=5)
    assert modem.surroundings()["signal"]["rsrp"] == -118
    events = [{"at": 1, "zone": 4}, {"at": 3600, "zone": 8}]
    assert modem.scenario({"events": events}) == {"dropped": 1, "planned": 2}
    modem.advance(by=1)
    assert modem.surroundings()["zone"] == 4
    with pytest.raises(ControlError) as wrong:
        modem.scenario({"events": [{"at": 1}, {"at": 2, "zone": 99}]})
    assert wrong.value.field == "events[1].zone"
    assert str(wrong.value) == "events[1].zone must be -48 to 56"
    assert modem.state()["planned_count"] == 1
    modem.reset()
    assert modem.state()["planned_count"] == 0
    assert modem.surroundings()["zone"] == 0


def test_the_journal_is_asked_by_channel_text_and_time(modem: Modem, host: Host) -> None:
    host.type("AT+CSQ\r")
    modem.expect({"kind": "result", "command": "CSQ"})
    host.type("AT+CFUN?\r")
    modem.expect({"kind": "result", "command": "CFUN"})
    lines = [event["line"] for event in modem.journal("command", text=r"^\+C.*[Q?]$")]
    assert lines == ["+CSQ", "+CFUN?"]
    assert modem.journal("command", text="CSQ", channel="uart1")[0]["line"] == "+CSQ"
    assert modem.journal(channel="uart2") == modem.journal(client=5) == []
    came = modem.journal("command")[0]["t"]
    assert modem.journal("command", from_=came, to=came)[0]["t"] == came


def test_expect_waits_for_what_comes_later(modem: Modem, host: Host) -> None:
    timer = threading.Timer(0.05, lambda: host.type("AT+CSQ\r"))
    timer.start()
    modem.expect({"kind": "command", "line": r"^\+CSQ"})
    timer.join()


def test_expect_misses_nothing_between_two_calls(modem: Modem, host: Host) -> None:
    host.type("AT+CSQ\r")
    modem.expect({"kind": "result", "line": "OK"})
    start = modem.position
    host.type("AT+CREG?\r")
    modem.expect(r"\+CREG\?")
    modem.expect({"kind": "result", "line": "OK"})
    modem.expect(r"\+CREG\?", since=start)


def test_a_miss_ends_in_virtual_time_and_tells_the_nearest() -> None:
    with Modem(time_scale=1000, power="at-start") as modem:
        with pytest.raises(AssertionError) as missed:
            modem.expect({"kind": "urc", "line": "PB DUNE"}, within=100)
        assert modem.state()["time"]["now"] >= 100
    assert '+QIND: PB DONE' in str(missed.value)
    assert "did not come within 100 s" in str(missed.value)


def test_a_payload_is_found_in_the_bytes_of_the_port(modem: Modem, host: Host) -> None:
    connect(modem, host)
    host.type('AT+QMTPUBEX=0,1,1,0,"a",5\r')
    modem.expect({"kind": "prompt"})
    host.type("hello")
    assert modem.expect("hello", within=0.2)[0]["kind"] == "rx"


def test_a_time_that_is_none_is_refused(modem: Modem) -> None:
    with pytest.raises(ControlError) as wrong:
        modem.expect("never", within=-1)
    assert wrong.value.field == "within"


def test_a_stream_that_is_cut_is_begun_again(
    modem: Modem, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut: list[int] = []

    def lines(stream: Stream) -> Iterator[Json]:
        cut.append(1)
        if len(cut) == 3:
            host.type("AT+CSQ\r")
        yield from read(stream) if len(cut) > 2 else ()

    read = Stream.__iter__
    monkeypatch.setattr(Stream, "__iter__", lines)
    modem.expect({"kind": "command", "line": "CSQ"})
    assert len(cut) == 3


def test_nothing_may_be_expected(modem: Modem, host: Host) -> None:
    modem.expect(none="ERROR", within=0.05)
    host.type("AT+NONSENSE\r")
    with pytest.raises(AssertionError, match="was not to come: 'ERROR'"):
        modem.expect(none="ERROR", within=5)


def test_the_journal_by_kind_and_number(modem: Modem, host: Host) -> None:
    host.type("AT+CSQ\r")
    last = modem.expect({"kind": "result"})[0]["seq"]
    assert [event["line"] for event in modem.journal("command")] == ["+CSQ"]
    assert {event["kind"] for event in modem.journal(["command", "result"])} == {
        "command",
        "result",
    }
    assert all(event["seq"] > last for event in modem.journal(since=last))


def test_options_are_keywords(tmp_path: Path, host_of: Open) -> None:
    note = tmp_path / "note"
    note.write_text("content")
    with Modem(
        model="EG915Q",
        control=f"unix:{tmp_path}/control",
        file=[f"a={note}", f"b={note}"],
        faults=[{"name": "slow", "type": "reply-delay", "params": {"ms": 5}}],
        scenario={"service": "none"},
        args=["--demo-broker", "off"],
    ) as modem:
        state = modem.state()
        assert modem.control == f"unix:{tmp_path}/control"
        assert modem.broker is None
        assert state["model"] == "EG915Q"
        assert {file["name"] for file in state["files"]} >= {"a", "b"}
        assert [fault["name"] for fault in modem.faults()] == ["slow"]
        assert modem.surroundings()["service"] == "none"
        host_of(modem)
        modem.expect("RDY")
        with pytest.raises(AssertionError):
            modem.expect("never", within=0.05)


def test_with_a_token(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("secret-of-enough-length-0123456789\n")
    with Modem(control_token=token, demo_broker="off") as modem:
        assert modem.state()["name"] == "modem0"


def test_the_clock_is_paused_advanced_and_skipped(modem: Modem) -> None:
    """[CTL-16] [CTL-20]"""
    assert modem.time()["scale"] == 1
    with pytest.raises(ControlError, match="pause it before"):
        modem.advance(by=60)
    before = modem.pause()
    assert before["paused"]
    assert modem.advance(by=60)["now"] == pytest.approx(before["now"] + 60)
    assert modem.advance(until="idle")["paused"]
    assert modem.time(scale=10)["scale"] == 10
    assert modem.skip()["skip"]
    assert not modem.pause(False)["paused"]
    assert not modem.skip(False)["skip"]
    assert [event["what"] for event in modem.journal("time")] == [
        "paused",
        "advanced",
        "advanced",
        "scale 10",
        "skips",
        "goes on",
        "skips no more",
    ]


def test_reset_leaves_nothing_to_the_next(modem: Modem, host: Host) -> None:
    modem.fault("reply-drop")
    modem.set(signal={"rsrp": -118})
    modem.reset()
    assert modem.faults() == []
    assert modem.state()["signal"]["rsrp"] == -85
    with pytest.raises(AssertionError):
        modem.expect("RDY", within=0.02)


def test_before_and_after_the_context_there_is_no_modem() -> None:
    modem = Modem(demo_broker="off")
    with pytest.raises(ModemError, match="does not run"):
        modem.state()
    with modem, pytest.raises(ModemError, match="already"):
        modem.start()
    with pytest.raises(ModemError, match="does not run"):
        modem.state()


def test_a_message_comes_as_from_the_broker(modem: Modem, host: Host) -> None:
    with pytest.raises(ControlError) as early:
        modem.inject("a", "hi")
    assert early.value.status == 409
    broker = modem.broker
    assert broker is not None
    host.type(f'AT+QMTOPEN=0,"{broker.host}",{broker.port}\r')
    modem.expect(r"\+QMTOPEN: 0,0")
    host.type('AT+QMTCONN=0,"c"\r')
    modem.expect(r"\+QMTCONN: 0,0,0")
    modem.inject("a/b", b"\x00hi", qos=1)
    modem.expect(r'\+QMTRECV: 0,\d+,"a/b"')


def test_a_channel_of_ones_own(modem: Modem, host: Host) -> None:
    modem.open_channel("page")
    seq = modem.send("ATE0;+CSQ", "page")
    modem.expect({"kind": "result", "channel": "page", "line": "^OK$"}, since=seq)
    modem.close_channel("page")
    with pytest.raises(ControlError) as gone:
        modem.send("AT", "page")
    assert gone.value.status == 404


def test_a_short_message_arrives(modem: Modem, host: Host) -> None:
    host.type("AT+CNMI=2,1\r")
    modem.expect("^OK$")
    modem.sms("+15550100", "hello")
    modem.expect(r"\+CMTI: ")


def test_register_once_and_test_many_times(modem: Modem, host: Host) -> None:
    host.type('AT+QMTCFG="keepalive",0,60\r')
    modem.expect({"kind": "result", "line": "OK"})
    registered = modem.snapshot()
    assert registered["format"] == "eg91xq-snapshot"
    host.type("AT+CFUN=0;+COPS?\r")
    modem.expect({"kind": "result", "line": "OK"})
    assert modem.state()["registration"] == "none"
    modem.restore(registered)
    assert modem.state()["registration"] == "home"
    assert modem.state()["clients"][0]["settings"]["keepalive"] == 60
    assert modem.snapshot() == registered


def test_what_is_under_way_keeps_it_from_being_saved(modem: Modem, host: Host) -> None:
    connect(modem, host)
    with pytest.raises(ControlError, match="client 0 is connected"):
        modem.snapshot()


def test_reset_lets_the_clock_go_and_closes_channels(modem: Modem) -> None:
    modem.pause()
    modem.time(scale=3)
    modem.open_channel("page")
    modem.reset()
    clock = modem.time()
    assert (clock["paused"], clock["scale"], clock["skip"]) == (False, 1, False)
    assert "page" not in [channel["name"] for channel in modem.state()["channels"]]


def test_a_seed_of_nought_is_one() -> None:
    assert Modem(seed=0).seed == 0
    assert Modem().seed == 1
