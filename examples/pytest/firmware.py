"""A tiny firmware: publishes a reading, and tries again when the modem lets it down."""

from __future__ import annotations

import os
import select
import termios
import tty


class ModemLost(Exception):
    """The modem did not say what it should have, in time."""


class Firmware:
    def __init__(self, port: str, patience: float = 2) -> None:
        """Talks to the modem at `port`; waits `patience` seconds for each answer."""
        self._port = os.open(port, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self._port, termios.TCSANOW)
        self._patience = patience
        self._heard = ""
        self.attempts = 0
        self._wait("PB DONE")

    def publish(self, reading: str, attempts: int = 3) -> bool:
        """Whether the broker has got it, after some attempts at most."""
        for self.attempts in range(1, attempts + 1):
            try:
                self._publish(reading)
                return True
            except ModemLost:
                self._recover()
        return False

    def _publish(self, reading: str) -> None:
        self._ask("AT+CEREG?", "+CEREG: 0,1")
        self._wait("OK\r")
        self._send("AT+QMTCLOSE=0")  # whatever was open; nothing may be
        if self._wait("OK\r", "ERROR\r") == "OK\r":
            self._wait("+QMTCLOSE: 0,0")
        self._ask('AT+QMTOPEN=0,"broker.demo",1883', "+QMTOPEN: 0,0")
        self._ask('AT+QMTCONN=0,"sensor"', "+QMTCONN: 0,0,0")
        self._ask(f'AT+QMTPUBEX=0,1,1,0,"plant/1",{len(reading)}', "> ")
        os.write(self._port, reading.encode())
        self._wait("+QMTPUBEX: 0,1,0")

    def _recover(self) -> None:
        """The modem may be in the middle of anything, even of starting again."""
        for _ in range(3):
            self._heard = ""
            self._send("ATE0")
            try:
                self._wait("OK\r")
                return
            except ModemLost:
                continue

    def _ask(self, command: str, answer: str) -> None:
        self._send(command)
        self._wait(answer)

    def _send(self, command: str) -> None:
        os.write(self._port, command.encode() + b"\r")

    def _wait(self, *answers: str) -> str:
        """The one of these that came first."""
        while True:
            places = {self._heard.find(each): each for each in answers if each in self._heard}
            if places:
                answer = places[min(places)]
                self._heard = self._heard.split(answer, 1)[1]
                return answer
            if not select.select([self._port], [], [], self._patience)[0]:
                raise ModemLost(f"{answers} did not come, but {self._heard!r}")
            self._heard += os.read(self._port, 4096).decode(errors="replace")

    def close(self) -> None:
        os.close(self._port)
