"""pytest plugin: the fixtures `modem` and `modem_session`, and the journal of a test that fails.

Options of the program come from ini (`modem_latency = instant`), from the command line
(`--modem-seed 3`) and from the test (`@pytest.mark.modem(latency="typical", seed=3)`), the later
before the earlier. `modem_fail_on = lint`, and `fail_on` of the marker, name kinds of events that
fail a test in which they come.
"""

from __future__ import annotations

import json
import re
import tempfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from .errors import ModemError
from .expectation import KINDS, Event, as_text
from .modem import Modem

SHOWN = 200
"""Events of a journal in the report; all of them are in the file."""

_INI = ("latency", "seed", "model", "boot", "power", "time_scale", "scenario", "faults")


class _Watched:
    """A modem that a test uses, where the test's part of its journal begins, and which kinds of
    events must not be there."""

    def __init__(
        self,
        fixture: str,
        modem: Modem,
        since: int,
        directory: Callable[[], Path],
        fail_on: list[str],
    ) -> None:
        self.fixture = fixture
        self.modem = modem
        self.since = since
        self.directory = directory
        self.fail_on = fail_on
        self.judged = since


_watched: pytest.StashKey[list[_Watched]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("modem", "the modem emulator eg91xq")
    group.addoption(
        "--modem-seed", type=int, metavar="N", help="seed of modems whose test names none"
    )
    group.addoption(
        "--modem-artifacts", metavar="DIR", help="where the journals of failed tests are written"
    )
    for name in _INI:
        option = name.replace("_", "-")
        parser.addini(f"modem_{name}", f"option --{option} of the fixtures' eg91xq", default=None)
    parser.addini(
        "modem_fail_on", "kinds of events that fail a test (lint, stat, ...)", type="args", default=[]
    )
    parser.addini("modem_args", "further words of its command line", type="args", default=[])


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "modem(**options): options of eg91xq for the fixture modem, as of eg91xq.Modem"
    )


def _options(config: pytest.Config) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for name in _INI:
        value = config.getini(f"modem_{name}")
        if not value:
            continue
        if name in ("scenario", "faults") and config.inipath is not None:
            value = config.inipath.parent / value
        options[name] = value
    seed = config.getoption("--modem-seed")
    if seed is not None:
        options["seed"] = seed
    options["args"] = config.getini("modem_args")
    return options


def _marked(item: pytest.Item) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for marker in reversed(list(item.iter_markers("modem"))):
        if marker.args:
            raise pytest.UsageError(f"{item.nodeid}: the marker modem takes keywords alone")
        options.update(marker.kwargs)
    return options


def _fail_on(request: pytest.FixtureRequest, marked: dict[str, Any]) -> list[str]:
    """Taken out of the marker's options: it is for the test, not for the program."""
    told = marked.pop("fail_on", None)
    if told is None:
        told = request.config.getini("modem_fail_on")
    kinds = told.split(",") if isinstance(told, str) else list(told)
    for kind in kinds:
        if kind not in KINDS:
            raise pytest.UsageError(f"fail_on: {kind!r} is none of {', '.join(KINDS)}")
    return kinds


def _fail_with(fixture: str, events: Iterable[Event]) -> None:
    lines = [as_text(event) for event in events]
    if lines:
        pytest.fail("\n".join([f"{fixture}: this was not to come:", *lines]), pytrace=False)


def _watch(
    request: pytest.FixtureRequest,
    fixture: str,
    modem: Modem,
    factory: pytest.TempPathFactory,
    fail_on: list[str],
) -> _Watched:
    def directory() -> Path:
        told = request.config.getoption("--modem-artifacts")
        if not told:
            return factory.mktemp("modem")
        path = Path(request.config.invocation_params.dir, told)
        path.mkdir(parents=True, exist_ok=True)
        return path

    item: pytest.Item = request.node
    watched = _Watched(fixture, modem, modem.position, directory, fail_on)
    item.stash[_watched] = [*item.stash.get(_watched, []), watched]
    return watched


@pytest.fixture
def modem(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Modem]:
    """A modem of the test's own."""
    marked = _marked(request.node)
    fail_on = _fail_on(request, marked)
    options = {**_options(request.config), **marked}
    if not fail_on:
        with Modem(**options) as made:
            _watch(request, "modem", made, tmp_path_factory, fail_on)
            yield made
        return
    # Some of what a host leaves undone is known only when the run is over.
    with tempfile.TemporaryDirectory(prefix="eg91xq-pytest-") as scratch:
        options.setdefault("journal", Path(scratch, "journal.ndjson"))
        with Modem(**options) as made:
            watched = _watch(request, "modem", made, tmp_path_factory, fail_on)
            yield made
        lines = Path(options["journal"]).read_text().splitlines()
        events = [event for event in map(json.loads, lines) if event["seq"] > watched.judged]
    _fail_with("modem", [event for event in events if event["kind"] in fail_on])


@pytest.fixture(scope="session")
def _shared_modem(request: pytest.FixtureRequest) -> Iterator[Modem]:
    with Modem(**_options(request.config)) as made:
        yield made


@pytest.fixture
def modem_session(
    request: pytest.FixtureRequest,
    _shared_modem: Modem,
    tmp_path_factory: pytest.TempPathFactory,
) -> Modem:
    """The modem that all tests share. Each finds it without faults, with the surroundings that it
    had at the start, and expects nothing that came before."""
    try:
        _shared_modem.reset()
    except ModemError:
        with suppress(ModemError):  # the test that it ended in has told
            _shared_modem.close()
        _shared_modem.start()
    fail_on = _fail_on(request, _marked(request.node))
    _watch(request, "modem_session", _shared_modem, tmp_path_factory, fail_on)
    return _shared_modem


@pytest.hookimpl(trylast=True)  # type: ignore[misc]
def pytest_runtest_call(item: pytest.Item) -> None:
    """Behind the test itself, when that has passed."""
    for watched in item.stash.get(_watched, []):
        if not watched.fail_on:
            continue
        events = watched.modem.journal(since=watched.judged)
        watched.judged = events[-1]["seq"] if events else watched.judged
        _fail_with(watched.fixture, [e for e in events if e["kind"] in watched.fail_on])


@pytest.hookimpl(hookwrapper=True)  # type: ignore[misc]
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    outcome = yield
    report: pytest.TestReport = outcome.get_result()
    if report.failed and report.when in ("setup", "call"):
        for watched in item.stash.get(_watched, []):
            _attach(item, report, watched)


def _attach(item: pytest.Item, report: pytest.TestReport, watched: _Watched) -> None:
    modem, name = watched.modem, watched.fixture
    properties: list[tuple[str, object]] = [(f"{name}_seed", modem.seed)]
    try:
        path, text = _journal(item, watched)
        properties.append((f"{name}_journal", str(path)))
        log = modem.log
    except ModemError as error:
        text, log = str(error), ""
    report.sections.append((f"{name} journal (seed {modem.seed})", text))
    if log.strip():
        report.sections.append((f"{name} log", log))
    # The item's are those of its later reports.
    item.user_properties += properties
    report.user_properties += [each for each in properties if each not in report.user_properties]


def _journal(item: pytest.Item, watched: _Watched) -> tuple[Path, str]:
    events = watched.modem.journal(since=watched.since)
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", item.nodeid)[-100:]
    unique = f"{zlib.crc32(item.nodeid.encode()):08x}"
    path = watched.directory() / f"{plain}-{unique}-{watched.fixture}.ndjson"
    path.write_text("".join(json.dumps(event) + "\n" for event in events))
    lines = [as_text(event) for event in events[-SHOWN:]]
    if len(events) > SHOWN:
        lines.insert(0, f"({len(events) - SHOWN} earlier events)")
    return path, "\n".join([*lines, f"seed {watched.modem.seed}; all of it is in {path}"])
