"""The host's end of the modem's port."""

import os
import select
import termios
import time
import tty

LIMIT = 30  # seconds for an answer
RESULTS = ("OK", "ERROR")


class Port:
    """`on_line` is told every line that is no answer. It must not type."""

    def __init__(self, path, on_line):
        self._on_line = on_line
        self._file = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self._file, termios.TCSANOW)
        self._heard = b""
        self._answer = None
        self._booted = False

    def close(self):
        os.close(self._file)

    def boot(self):
        while not self._booted:
            self._wait("the start")
        self.must("ATE0")

    def command(self, line, data=None):
        """OK or ERROR. `data` is typed at the prompt."""
        self._type(line.encode() + b"\r")
        if self._result(line) == ">":
            self._type(data)
            return self._result(line)
        return self._last

    def must(self, line):
        if self.command(line) != "OK":
            raise AssertionError(f"refused: {line}")

    def pump(self, seconds):
        """Hears what comes; waits for it so long."""
        if select.select([self._file], [], [], seconds)[0]:
            self._heard += os.read(self._file, 65536)
            self._take_lines()

    def _result(self, line):
        self._answer = None
        while self._answer is None:
            self._wait(line)
        self._last = self._answer
        return self._last

    def _wait(self, what):
        since = time.monotonic()
        before = self._heard
        self.pump(LIMIT)
        if self._heard == before and time.monotonic() - since >= LIMIT:
            raise AssertionError(f"no answer within {LIMIT} s: {what}")

    def _type(self, text):
        while text:
            select.select([], [self._file], [], LIMIT)
            text = text[os.write(self._file, text):]

    def _take_lines(self):
        *lines, self._heard = self._heard.split(b"\r\n")
        for line in filter(None, lines):
            self._take(line.decode())
        if self._heard == b"> ":
            self._heard = b""
            self._answer = ">"

    def _take(self, line):
        if line in RESULTS or line.startswith("+CME ERROR"):
            self._answer = "OK" if line == "OK" else "ERROR"
        elif line == "+QIND: PB DONE":
            self._booted = True
        else:
            self._on_line(line)
