"""A modem of one's own: the program eg91xq, and what can be asked of it."""

from __future__ import annotations

import base64
import threading
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Optional, Union

from .clock import Clock
from .control import Control, Json, Stream
from .errors import ControlError, ModemError
from .expectation import Event, Expectation, Pattern
from .fault import Fault
from .program import Broker, Option, Port, Program, Service

_PATH = "/v1/modems/modem0"
_PAGE = 10_000


def _listed(patterns: Union[Pattern, Sequence[Pattern]]) -> list[Pattern]:
    return [patterns] if isinstance(patterns, (str, Mapping)) else list(patterns)


class Modem(Clock):
    """A modem for as long as the context lasts:

    with Modem(latency="instant") as modem: ...

    Options are those of the program as keywords (`time_scale=10`, `file=["a=b", "c=d"]`,
    `knob={"tls13": "on"}`); `faults` and `scenario` may be what would be in the file; `args` are
    further words of its command line. A program that does not start is a StartError, a request
    that is refused a ControlError.
    """

    def __init__(self, *, args: Sequence[str] = (), **options: Option) -> None:
        self._options = options
        self._args = tuple(args)
        self._program: Optional[Program] = None
        self._http: Optional[Control] = None
        self._position = 0
        self._has_planned = False

    def start(self) -> Modem:
        """Starts the program, and returns once it can be used."""
        if self._program is not None:
            raise ModemError("this modem has started already")
        self._program = Program(self._options, self._args)
        token_file = self._options.get("control_token")
        token = Path(str(token_file)).read_text().split("\n")[0].strip(" \t\r") if token_file else None
        self._http = Control(self._program.control, token)
        self._position = 0
        self._at_start = self.surroundings()
        self._clock_at_start = self._clock_setting()
        self._channels_at_start = self._channels()
        return self

    def close(self) -> None:
        """Ends the program; a ModemError if it has come to an end that was none of ours."""
        program, self._program = self._program, None
        if program is None:
            return
        code, said = program.close()
        if code != 0:
            raise ModemError(f"eg91xq ended with {code}: {said.strip()}")

    def __enter__(self) -> Modem:
        return self.start()

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        try:
            self.close()
        except ModemError:
            if error is None:
                raise

    @property
    def port(self) -> str:
        """The first port: the path of a device, or HOST:PORT."""
        return self.ports[0].path

    @property
    def ports(self) -> list[Port]:
        """All of them, in the order of the options."""
        return self._running().ports

    @property
    def broker(self) -> Optional[Broker]:
        """The demo broker, if there is one."""
        return self._running().broker

    @property
    def services(self) -> dict[str, Service]:
        """The demo's servers by name: "http", "echo", "time"."""
        return self._running().services

    @property
    def control(self) -> str:
        """Where the control interface is: "http://HOST:PORT" or "unix:PATH"."""
        return self._running().control

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._running().pid

    @property
    def log(self) -> str:
        """What the program has said on standard error so far."""
        return self._running().stderr

    @property
    def position(self) -> int:
        """The event behind which the next `expect` begins."""
        return self._position

    @property
    def seed(self) -> int:
        """What its latency is drawn from."""
        seed = self._options.get("seed")
        return 1 if seed is None else int(str(seed))

    def fault(
        self,
        type: str,
        name: Optional[str] = None,
        command: Optional[str] = None,
        count: Optional[int] = None,
        *,
        client: Optional[int] = None,
        topic: Optional[str] = None,
        nth: Optional[int] = None,
        every: Optional[int] = None,
        probability: Optional[float] = None,
        from_: Optional[float] = None,
        to: Optional[float] = None,
        state: Optional[str] = None,
        seed: Optional[int] = None,
        params: Optional[Json] = None,
        **more: Any,
    ) -> Fault:
        """Sets a fault, at most `count` times. All of these must hold for it to act: the `command`
        (a regular expression over the line without its AT), the `client` (0 to 5), the `topic` (an
        MQTT filter), the client's `state`, the time (`from_`, `to`, in virtual seconds), and of
        what is left the `nth`, every n-th, or some (`probability`, drawn from `seed`). What else is
        given are the parameters of its type; `params` has those whose names are taken above, as
        the `topic` of a "message".
        """
        when = {
            "command": command,
            "client": client,
            "topic": topic,
            "nth": nth,
            "every": every,
            "probability": probability,
            "from": from_,
            "to": to,
            "state": state,
        }
        body: Json = {"type": type, "params": {**(params or {}), **more}, "when": _given(when)}
        body.update(_given({"name": name, "count": count, "seed": seed}))
        made = self._request("POST", "/faults", body)
        return Fault(self._control(), _PATH + "/faults", made["name"], made["type"])

    def faults(self) -> list[Json]:
        """The faults that are set, in the order in which they act."""
        return list(self._request("GET", "/faults")["faults"])

    def clear_faults(self) -> None:
        """Removes all faults."""
        self._request("DELETE", "/faults")

    def urc(
        self,
        line: Union[str, bytes],
        when: str = "now",
        channel: Optional[str] = None,
        n: Optional[int] = None,
    ) -> int:
        """Says a line (or raw bytes): `now`, as soon as the channel is idle, or where it hurts at
        the next command: before-echo, between-echo-and-reply, inside-reply (behind its line `n`),
        glued-to-result, in-prompt, after-byte (`n`). Returns the number of the request in the
        journal; what comes of it refers to that.
        """
        body: Json = {"when": when, **_given({"channel": channel, "n": n})}
        if isinstance(line, bytes):
            body["bytes_base64"] = base64.b64encode(line).decode()
        else:
            body["line"] = line
        return int(self._request("POST", "/urc", body)["seq"])

    def sms(self, from_: str, text: str) -> None:
        """A short message arrives."""
        self._request("POST", "/sms", {"from": from_, "text": text})

    def inject(
        self,
        topic: str,
        payload: Union[str, bytes] = b"",
        *,
        client: int = 0,
        qos: int = 0,
        retain: bool = False,
        dup: bool = False,
    ) -> None:
        """A message comes as though the broker of `client` (0 to 5) had sent it; what the module
        acknowledges of it does not go to the broker."""
        raw = payload.encode() if isinstance(payload, str) else payload
        body: Json = {
            "type": "publish",
            "topic": topic,
            "payload_base64": base64.b64encode(raw).decode(),
            "qos": qos,
            "retain": retain,
            "dup": dup,
        }
        self._request("POST", f"/clients/{client}/inject", body)

    def send(self, line: Union[str, bytes], channel: str, shared: bool = False) -> int:
        """Types a line and its CR (or raw bytes) on a channel that no host holds; with `shared`
        also on one that a host does. Returns the number of the event behind which the journal has
        what is said to it."""
        body: Json = {"shared": shared}
        if isinstance(line, bytes):
            body["bytes_base64"] = base64.b64encode(line).decode()
        else:
            body["line"] = line
        return int(self._request("POST", f"/channels/{channel}/send", body)["seq"])

    def set_dtr(self, on: bool, channel: str = "uart1") -> None:
        """Raises or drops the DTR of a channel's host: AT&D and AT+QSCLK say what that does."""
        self._request("POST", f"/channels/{channel}/lines", {"dtr": on})

    def open_channel(self, name: str) -> None:
        """A channel without a port, to `send` on; what it says comes in the journal."""
        self._request("POST", "/channels", {"name": name})

    def close_channel(self, name: str) -> None:
        """Closes one that was opened so."""
        self._request("DELETE", f"/channels/{name}")

    def expect(
        self,
        *patterns: Pattern,
        within: float = 5,
        ordered: bool = False,
        none: Union[Pattern, Sequence[Pattern]] = (),
        since: Optional[int] = None,
    ) -> list[Event]:
        """Waits up to `within` virtual seconds until the journal has an event for each pattern (in
        this order, if `ordered`) and returns them; `none` must not come before that, or, where
        there are no patterns, within that time. Else an AssertionError tells the nearest misses.

        A text is a regular expression, searched in the `line`, `topic` or `text` of events (in the
        bytes of a port only where no line has it, once the time is over); a dict names the kind
        and members, as {"kind": "packet", "type": "publish", "qos": 1}.

        It begins behind the event `since`, else where the last one that was met has ended, else
        at the start: what came while nobody looked is not missed. Where the journal does not go
        back so far, a `none` that is met comes with a RuntimeWarning.
        """
        __tracebackhide__ = True
        expectation = Expectation(patterns, ordered, _listed(none))
        start = self._position if since is None else since
        seen = self._show(expectation, start)
        if not expectation.decided:
            seen = self._follow(expectation, seen, within)
        if not expectation.decided and not expectation.complete:
            expectation = expectation.in_bytes()
        lost = expectation.lost
        if not expectation.complete:
            gap = f", and {lost} of those that follow are lost" if lost else ""
            raise AssertionError(f"{expectation.miss(within)}\n  (it began behind #{start}{gap})")
        if lost and _listed(none):
            what = f"{lost} events behind #{start} are lost; what was not to come may be among them"
            warnings.warn(what, RuntimeWarning, stacklevel=2)
        matched = expectation.matched
        self._position = max(event["seq"] for event in matched) if matched else seen
        return matched

    def _show(self, expectation: Expectation, since: int) -> int:
        """Shows what has come after `since`, and what was lost of it; tells where it ends."""
        while True:
            page = self._request("GET", "/journal", since=since, limit=_PAGE)
            expectation.lost += page["lost"]
            for event in page["events"]:
                expectation.see(event)
            since = page["next"]
            if len(page["events"]) < _PAGE:
                return since

    def _follow(self, expectation: Expectation, since: int, within: float) -> int:
        """Shows what comes after `since` until it is decided, or the time is over."""
        control = self._control()
        over = threading.Event()
        streams: list[Stream] = []
        # Virtual time is the program's: an expectation of nothing is over when the time is.
        with control.alarm(_PATH + "/expect", {"within": within, "all": []}) as alarm:

            def stop_in_time() -> None:
                alarm.wait()
                over.set()
                for stream in streams[-1:]:
                    stream.stop()

            clock = threading.Thread(target=stop_in_time, daemon=True)
            clock.start()
            try:
                # A stream that is cut, as we are slow, is begun again.
                while not (expectation.decided or over.is_set()):
                    with control.stream(_PATH + "/journal", since=since) as stream:
                        streams.append(stream)
                        since = self._watch(expectation, stream, since, over)
                    # What was under way when it ended; and whether the program still runs.
                    if not expectation.decided:
                        since = self._show(expectation, since)
            finally:
                alarm.stop()
                clock.join()
            alarm.check()
        return since

    @staticmethod
    def _watch(
        expectation: Expectation, stream: Stream, since: int, over: threading.Event
    ) -> int:
        if over.is_set():
            return since
        for event in stream:
            if "lost" in event:
                expectation.lost += int(event["lost"])
                continue
            expectation.see(event)
            since = int(event["seq"])
            if expectation.decided:
                break
        return since

    def journal(
        self,
        kind: Union[None, str, Iterable[str]] = None,
        since: int = 0,
        *,
        from_: Optional[float] = None,
        to: Optional[float] = None,
        channel: Optional[str] = None,
        client: Optional[int] = None,
        text: Optional[str] = None,
    ) -> list[Event]:
        """The events after number `since`, all of them or of these kinds, as far as they are kept
        (8 MiB): of the time `from_` to `to` (virtual seconds), of a `channel`, of a `client`, and
        with `text` (a regular expression) in their line, topic or text."""
        kinds = kind if kind is None or isinstance(kind, str) else ",".join(kind)
        wanted = {"kind": kinds, "from": from_, "to": to, "channel": channel}
        wanted.update({"client": client, "text": text})
        events: list[Event] = []
        while True:
            query: Json = {**wanted, "since": since, "limit": _PAGE}
            page = self._request("GET", "/journal", None, **query)
            events += page["events"]
            since = page["next"]
            if len(page["events"]) < _PAGE:
                return events

    def set(
        self, *, after: Optional[float] = None, at: Optional[float] = None, **surroundings: Any
    ) -> Json:
        """Changes what is around the modem, as a scenario does: `set(signal={"rsrp": -118})`,
        `set(service="none")`. Returns what now is. With `after` (virtual seconds from now) or `at`
        (virtual seconds since start) it is planned and returns that moment: `{"at": 12.5}`."""
        moment = _given({"after": after, "at": at})
        self._has_planned = self._has_planned or bool(moment)
        return self._request("PATCH", "/surroundings", {**surroundings, **moment})

    def scenario(self, document: Json) -> Json:
        """Another scenario from now on (what `scenario=` of the program takes; its seconds count
        from now), in place of all that is planned. Returns how many events that was (`dropped`)
        and how many are `planned` now."""
        self._has_planned = True
        return self._request("POST", "/scenario", document)

    def surroundings(self) -> Json:
        """What is around the modem."""
        return self._request("GET", "/surroundings")

    def reset(self) -> None:
        """Makes it as good as new for the next test: no faults, clock, channels and
        surroundings as at the start, and nothing is expected of what was. Where a test has planned
        something, nothing that is planned comes. What the module itself has come to stays."""
        self.clear_faults()
        if self._clock_setting() != self._clock_at_start:
            self._clock("PATCH", self._clock_at_start)
        for name in self._channels() - self._channels_at_start:
            self.close_channel(name)
        if self._has_planned:
            self._request("DELETE", "/scenario")
            self._has_planned = False
        if self.surroundings() != self._at_start:
            self.set(**self._at_start)
        self._position = self._show(Expectation(()), self._position)

    def _clock_setting(self) -> Json:
        time = self.time()
        return {name: time[name] for name in ("scale", "paused", "skip")}

    def _channels(self) -> frozenset[str]:
        return frozenset(channel["name"] for channel in self.state()["channels"])

    def power(self, action: str, hold_ms: Optional[int] = None) -> str:
        """on, off, reset, brownout, or key (held for `hold_ms`). Returns the power then: off,
        booting or on."""
        body: Json = {"action": action, **_given({"hold_ms": hold_ms})}
        return str(self._request("POST", "/power", body)["power"])

    def snapshot(self) -> Json:
        """The modem at rest: settings, flash, files, SIM, surroundings, clock, registration,
        contexts. A ControlError says what is under way when something is."""
        return self._request("GET", "/snapshot")

    def restore(self, snapshot: Json) -> None:
        """Makes it as it was then, at once and without a word; it has to be at rest, too."""
        self._request("PUT", "/snapshot", snapshot)

    def state(self) -> Json:
        """Everything about the modem: power, registration, clients, channels, files, time, …"""
        return self._request("GET", "")

    def _running(self) -> Program:
        if self._program is None:
            raise ModemError("the modem does not run: use it in a with statement, or start() it")
        return self._program

    def _control(self) -> Control:
        self._running()
        assert self._http is not None
        return self._http

    def _request(
        self,
        method: str,
        path: str,
        body: Optional[Json] = None,
        timeout: Optional[float] = 30,
        **query: object,
    ) -> Json:
        program = self._running()
        try:
            place = path if path.startswith("/v1/") else _PATH + path
            return self._control().request(method, place, body, timeout, **query)
        except ControlError:
            raise
        except ModemError as error:
            code = program.exit_code_after_silence()
            if code is None:
                raise
            raise ModemError(f"eg91xq has ended with {code}: {program.stderr.strip()}") from error


def _given(members: Json) -> Json:
    return {name: value for name, value in members.items() if value is not None}
