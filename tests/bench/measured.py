"""The programs that figures are measured on: a modem or a fleet, a mosquitto, and a host that waits."""

import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import programs

TREE = Path(__file__).resolve().parents[2]
BIN = TREE / "build/release/bin"


def say(text):
    print(f"figures: {text}", file=sys.stderr, flush=True)


def allow_descriptors():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def processors():
    """Where the modem and its broker run, and where the host: their distance is not left to the scheduler, which may
    have them take turns on one processor (no waking up of another) or not."""
    there_are = sorted(os.sched_getaffinity(0))
    return there_are[0], there_are[-1]


@contextlib.contextmanager
def on(processor):
    """What is started in the block runs only there."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {processor})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def bench(name, *words):
    """What a program of tests/bench tells, by name."""
    ran = subprocess.run([BIN / name, *map(str, words)], stdout=subprocess.PIPE, text=True, check=True)
    return {key: float(value) for key, value in (line.split() for line in ran.stdout.splitlines())}


class Child:
    """A program that ends with the block it is used in."""

    def __init__(self, *words, **how):
        self.scratch = tempfile.TemporaryDirectory(prefix="eg91xq-figures-")
        how = {"stdin": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **how}
        self.process = subprocess.Popen([str(word).replace("SCRATCH", self.scratch.name) for word in words], **how)
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        self.scratch.cleanup()

    def file(self, name):
        return Path(self.scratch.name) / name

    def resident(self):
        """Bytes."""
        with open(f"/proc/{self.pid}/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))

    def cpu(self):
        """Seconds, of all threads."""
        spent = 0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            spent += int((task / "schedstat").read_text().split()[0])
        return spent / 1e9


class Modem(Child):
    """One, or a fleet; `start` is the time until it was ready, in seconds."""

    def __init__(self, *options):
        begin = time.monotonic()
        super().__init__(BIN / "eg91xq", "--demo-broker", "off", "--latency", "instant", "--power", "at-start",
                         "--ready-file", "SCRATCH/ready", *options, stdout=subprocess.PIPE)
        for line in self.process.stdout:
            if line == b"ready\n":
                break
        else:
            sys.exit(f"eg91xq does not get ready with {' '.join(map(str, options))}")
        self.start = time.monotonic() - begin
        self.ready = json.loads(self.file("ready").read_text())
        self.port = self.ready["ports"][0]["path"]
        self.ports = [modem["ports"][0]["path"] for modem in self.ready["modems"]]


class Broker(programs.Broker):
    """A mosquitto that ends with the block it is used in."""

    def __init__(self):
        self.scratch = tempfile.TemporaryDirectory(prefix="eg91xq-figures-")
        super().__init__(Path(self.scratch.name))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end(signal.SIGTERM)
        self.scratch.cleanup()


class Host:
    """At a TCP port of a modem; waits for each answer."""

    def __init__(self, port):
        host, _, number = port.rpartition(":")
        self.socket = socket.create_connection((host, int(number)), 20)
        self.heard = b""
        self.ask("ATE0")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def ask(self, line, answer="OK\r\n"):
        self.socket.sendall(line.encode() + b"\r")
        while answer.encode() not in self.heard:
            more = self.socket.recv(4096)
            if not more or b"ERROR" in self.heard:
                sys.exit(f"{line}: {self.heard!r}")
            self.heard += more
        self.heard = self.heard.partition(answer.encode())[2]

    def connect(self, client, broker):
        self.ask(f'AT+QMTOPEN={client},"127.0.0.1",{broker.port}', f"+QMTOPEN: {client},0\r\n")
        # Of no two hosts the same.
        name = f"figures-{self.socket.getsockname()[1]}-{client}"
        self.ask(f'AT+QMTCONN={client},"{name}"', f"+QMTCONN: {client},0,0\r\n")
