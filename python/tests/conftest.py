"""What the tests share: a host at the port of a modem."""

from __future__ import annotations

import os
import termios
import tty
from collections.abc import Callable, Iterator

import pytest

from eg91xq import Modem

pytest_plugins = ["pytester"]


class Host:
    """Types at a pseudo-terminal; what comes back is in the modem's journal."""

    def __init__(self, path: str) -> None:
        self._port = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self._port, termios.TCSANOW)

    def type(self, text: str) -> None:
        os.write(self._port, text.encode())

    def close(self) -> None:
        os.close(self._port)


@pytest.fixture
def host_of() -> Iterator[Callable[[Modem], Host]]:
    hosts = []

    def open_port(modem: Modem) -> Host:
        hosts.append(Host(modem.port))
        return hosts[-1]

    yield open_port
    for host in hosts:
        host.close()


@pytest.fixture
def modem() -> Iterator[Modem]:
    with Modem(latency="instant") as made:
        yield made


@pytest.fixture
def host(modem: Modem, host_of: Callable[[Modem], Host]) -> Host:
    host = host_of(modem)
    modem.expect("PB DONE")
    return host
