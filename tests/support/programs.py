"""What tests in Python run: a broker that goes and comes back, and a modem."""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import time

PATIENCE = 60  # seconds for anything that has to happen
MOSQUITTO = shutil.which("mosquitto", path=os.environ["PATH"] + ":/usr/sbin")


def wait_until(condition, what):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain: {what}")
        time.sleep(0.02)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Words(argparse.ArgumentParser):
    """Words of a command line; what is wrong with them is one line."""

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}\n")


def skip(what):
    print(f"skipped: {what}")
    raise SystemExit(1 if os.environ.get("CI") else 0)


class Broker:
    """A mosquitto that can be taken away and comes back at the same port."""

    def __init__(self, directory, persistent=False, lines=()):
        self.port = free_port()
        self.config = directory / "broker.conf"
        self.log = directory / "broker.log"
        lines = [f"listener {self.port} 127.0.0.1", "allow_anonymous true",
                 "max_queued_messages 0", *lines]
        if persistent:
            lines += ["persistence true", f"persistence_location {directory}/"]
        if os.geteuid() == 0:
            lines.append("user root")
        self.config.write_text("\n".join(lines) + "\n")
        self.start()

    def start(self):
        with open(self.log, "a") as log:
            self.process = subprocess.Popen([MOSQUITTO, "-c", self.config], stdout=log, stderr=log)
        wait_until(self.accepts, "the broker listens")

    def accepts(self):
        assert self.process.poll() is None, self.log.read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def end(self, how=signal.SIGKILL):
        self.process.send_signal(how)
        self.process.wait(PATIENCE)


class Modem:
    """`program` with the port and the options that are given."""

    def __init__(self, program, directory, *options, number=0, port=None):
        self.ready = directory / f"ready{number}"
        self.port = directory / f"modem{number}"
        self.words = [program, "--latency", "instant", "--port", port or f"pty:{self.port}",
                      "--ready-file", self.ready, *options]
        self.start()

    def start(self):
        self.ready.unlink(missing_ok=True)
        self.process = subprocess.Popen(self.words, stdout=subprocess.DEVNULL)
        wait_until(self.is_ready, "a modem is ready")

    def is_ready(self):
        assert self.process.poll() is None, "the modem has ended"
        return self.ready.exists()

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(PATIENCE)
