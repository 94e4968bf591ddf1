"""Firmware in C, with a modem for each test. With firmware in Python: examples/pytest."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from eg91xq import Modem

PUBLISHED = {"kind": "packet", "type": "publish", "dir": "out", "topic": "^plant/1$"}


def run(host: Path, modem: Modem) -> int:
    environment = {**os.environ, "MODEM_PORT": modem.port}
    return subprocess.run([host], env=environment, timeout=60).returncode


def test_a_reading_is_published(modem: Modem, host: Path) -> None:
    assert run(host, modem) == 0
    modem.expect(PUBLISHED)


@pytest.mark.modem(fail_on=[])  # it cannot know that the module starts anew
def test_a_reset_is_noticed(modem: Modem, host: Path) -> None:
    modem.fault("reset", command="^\\+QMTPUBEX", count=1, of="data", at_byte=3)
    assert run(host, modem) == 1
    modem.expect({"kind": "fault", "type": "reset"})
