"""The program eg91xq as a child: found, started, and ended with this process at the latest.

The program runs a command beside it (`cat`) that lives as long as our end of a pipe does, and ends
with it. However Python ends, the kernel closes the pipe.
"""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Optional, Union

from .errors import ModemError, StartError

READY_S = 30.0
"""Seconds until the program has to be ready."""
END_S = 10.0
"""Seconds that it may take to end; then it is killed."""

SILENT_S = 1.0
"""Seconds between the end of its connections and its own."""

# Begins once the modem can be used.
_ANCHOR = ["/bin/sh", "-c", "echo ready; exec cat >/dev/null"]

Option = Union[None, str, int, float, "os.PathLike[str]", Sequence[Any], Mapping[str, Any]]


class Port(NamedTuple):
    """Where the host talks to the modem."""

    kind: str
    """pty, tcp or serial"""
    path: str
    """of a device, or HOST:PORT"""


class Broker(NamedTuple):
    """The demo broker; the modem reaches it as broker.demo as well. The three below are None
    where there is no TLS."""

    host: str
    port: int
    tls_port: Optional[int] = None
    mtls_port: Optional[int] = None
    ca: Optional[str] = None


class Service(NamedTuple):
    """A server of the demo; the modem reaches it as NAME.demo at its well-known port."""

    host: str
    port: int
    tls_port: Optional[int] = None


def find_program() -> str:
    """The path of eg91xq: from EG91XQ, else in PATH, else in the tree that this package is in."""
    named = os.environ.get("EG91XQ")
    if named:
        return named
    in_path = shutil.which("eg91xq")
    if in_path:
        return in_path
    tree = Path(__file__).resolve().parents[2]
    for preset in ("release", "dev"):
        built = tree / "build" / preset / "bin" / "eg91xq"
        if os.access(built, os.X_OK):
            return str(built)
    raise ModemError("no eg91xq: set EG91XQ to its path, or put it into PATH")


def _words(options: Mapping[str, Option], scratch: Path) -> list[str]:
    """Options as on the command line. What is a file there may be given as what is in it."""
    words: list[str] = []
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if name in ("faults", "scenario") and isinstance(value, (list, tuple, dict)):
            file = scratch / f"{name}.json"
            file.write_text(json.dumps(value))
            value = file
        if isinstance(value, Mapping):
            value = [f"{key}={each}" for key, each in value.items()]
        each_value = value if isinstance(value, (list, tuple)) else [value]
        for each in each_value:
            words += [option, os.fspath(each) if isinstance(each, os.PathLike) else str(each)]
    return words


def without_start(said: str) -> str:
    """Standard error without the lines that tell where everything is."""
    return re.sub(r"(?ms)^port .*?^ready\s*?\n", "", said)


class Program:
    """A program that is ready. A failure to start is a StartError with what it said."""

    def __init__(self, options: Mapping[str, Option], args: Sequence[str] = ()) -> None:
        path = find_program()
        self._scratch = tempfile.TemporaryDirectory(prefix="eg91xq-py-")
        scratch = Path(self._scratch.name)
        self._stderr = scratch / "stderr"
        told = {name: value for name, value in options.items() if value is not None}
        given: dict[str, Option] = {
            "control": "0",
            "ready_file": scratch / "ready.json",
            **told,
        }
        words = [path, *_words(given, scratch), *args, "--", *_ANCHOR]
        try:
            with self._stderr.open("wb") as stderr:
                # In a session of its own, the Ctrl-C of a terminal leaves it to us.
                self._process = subprocess.Popen(
                    words,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=stderr,
                    start_new_session=True,
                )
        except OSError as error:
            self._scratch.cleanup()
            raise StartError(f"cannot start {path}", None, str(error)) from error
        try:
            self._wait_until_ready()
            ready = json.loads(Path(str(given["ready_file"])).read_text())
        except BaseException:
            self.close()
            raise
        self.pid = self._process.pid
        self.ports = [Port(**port) for port in ready["ports"]]
        self.broker = Broker(**ready["broker"]) if ready["broker"] else None
        self.services = {name: Service(**told) for name, told in ready["services"].items()}
        self.control: str = ready["control"]

    def _wait_until_ready(self) -> None:
        assert self._process.stdout is not None
        poll = select.poll()
        poll.register(self._process.stdout, select.POLLIN)
        if not poll.poll(READY_S * 1000):
            raise StartError(f"eg91xq was not ready within {READY_S:g} s", None, self.stderr)
        if not self._process.stdout.readline():
            code = self._process.wait(END_S)
            raise StartError(f"eg91xq ended with {code}", code, self.stderr)

    @property
    def stderr(self) -> str:
        """What the program has said on standard error: its log."""
        if not self._stderr.exists():
            return ""
        return without_start(self._stderr.read_bytes().decode(errors="replace"))

    def exit_code_after_silence(self) -> Optional[int]:
        """Once it did not answer: what it has ended with, or None when it still runs."""
        try:
            return self._process.wait(SILENT_S)
        except subprocess.TimeoutExpired:
            return None

    def close(self) -> tuple[int, str]:
        """Ends the program: its exit code, and what it said on standard error."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            code = self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        said = self.stderr
        self._scratch.cleanup()
        return code, said
