"""How the program is found, started, and ended."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from eg91xq import Modem, ModemError, StartError
from eg91xq.program import find_program, without_start


def ends(pid: int) -> int:
    """A descriptor that can be read once the process has ended."""
    return os.pidfd_open(pid)


def ended(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(10_000))


def test_the_environment_comes_before_the_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_path = tmp_path / "eg91xq"
    in_path.write_text("#!/bin/sh\n")
    in_path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("EG91XQ", "/somewhere/eg91xq")
    assert find_program() == "/somewhere/eg91xq"
    monkeypatch.delenv("EG91XQ")
    assert find_program() == str(in_path)


def test_a_refusal_to_start_says_why() -> None:
    with pytest.raises(StartError, match="did you mean --latency") as wrong:
        Modem(latncy="instant").start()
    assert wrong.value.exit_code == 2
    assert "--latncy" in wrong.value.stderr


def test_no_program_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EG91XQ", "/nowhere/eg91xq")
    with pytest.raises(StartError, match="/nowhere/eg91xq"):
        Modem().start()


def test_it_ends_with_the_context_also_by_an_exception() -> None:
    with pytest.raises(KeyError):
        with Modem(demo_broker="off") as modem:
            end = ends(modem.pid)
            raise KeyError
    assert ended(end)
    os.close(end)


def test_an_end_of_its_own_is_told() -> None:
    modem = Modem(demo_broker="off", port="tcp:0").start()
    end = ends(modem.pid)
    os.kill(modem.pid, signal.SIGKILL)
    assert ended(end)
    os.close(end)
    with pytest.raises(ModemError, match="has ended with -9"):
        modem.state()
    with pytest.raises(ModemError, match="ended with -9"):
        modem.close()


def test_expect_tells_of_a_program_that_ends_meanwhile() -> None:
    with pytest.raises(ModemError, match="has ended"):
        with Modem(demo_broker="off", port="tcp:0") as modem:
            timer = threading.Timer(0.1, os.kill, (modem.pid, signal.SIGKILL))
            timer.start()
            modem.expect("never", within=60)


@pytest.mark.parametrize("how", ["os._exit(0)", "os.kill(os.getpid(), 9)", "pass", "1 / 0"])
def test_it_never_outlives_python(how: str, tmp_path: Path) -> None:
    script = (
        "import os, eg91xq\n"
        "modem = eg91xq.Modem().start()\n"
        "print(modem.pid, flush=True)\n"
        "input()\n" + how
    )
    python = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert python.stdin is not None and python.stdout is not None
    end = ends(int(python.stdout.readline()))
    python.communicate(b"\n")
    assert ended(end)
    os.close(end)


def test_its_log_is_what_it_has_to_say() -> None:
    with Modem(demo_broker="off") as modem:
        assert modem.log == ""
    said = "a warning\nport pty /tmp/x\r\nbroker none\r\nready\r\nanother\n"
    assert without_start(said) == "a warning\nanother\n"


def test_two_at_a_time() -> None:
    with Modem(demo_broker="off") as one, Modem(demo_broker="off") as other:
        assert one.port != other.port
        one.urc("+ONE")
        assert other.journal("control") == []
