#!/usr/bin/env python3
"""A modem that goes on and on: soak.py EG91XQ HOURS [DIRECTORY]; scripts/soak says more. Writes
soak.json and soak.svg."""

import json
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

from mqtt_host import Client, MqttHost
from plot import svg
from process import sample
from programs import MOSQUITTO, PATIENCE, Modem, Words, skip, wait_until

CLIENTS = 6
RATE = 5  # messages of each client in a second
PROBES = 10  # AT in a second
WARM_S = 60  # at most a third of the run
MOST_GROWTH_KIB = 1024
MOST_P99_FACTOR, MOST_P99_MORE_MS = 3, 50  # a machine with other work makes single answers late


class Every:
    """What is due at a rate. Much that was missed is not made up for."""

    def __init__(self, seconds, delay=0.0):
        self._seconds = seconds
        self._next = time.monotonic() + delay

    def is_due(self):
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = max(self._next + self._seconds, now - 1)
        return True


class Messages:
    """Of one client, by number."""

    def __init__(self):
        self.sent = 0
        self.confirmed = set()
        self.arrived = set()
        self.doubled = 0

    def arrive(self, number):
        self.doubled += number in self.arrived
        self.arrived.add(number)

    def lost(self):
        return self.sent - len(self.confirmed & self.arrived)


class Soak:
    def __init__(self, program, directory, ends):
        self.modem = Modem(program, directory)
        ends.callback(self.modem.end)
        self.clients = [Client(number, number % 3, (f"soak/{number}",) * 2)
                        for number in range(CLIENTS)]
        self.messages = [Messages() for _ in self.clients]
        self.host = MqttHost(
            self.modem.port, self.clients, ("broker.demo", 1883),
            (lambda client, number: self.messages[client.number].confirmed.add(number),
             lambda client, number: self.messages[client.number].arrive(number)))
        ends.callback(self.host.close)
        self.samples = []  # with the second
        self.latencies = []  # (second, ms)

    def lost(self):
        return sum(messages.lost() for messages in self.messages)

    def run(self, seconds):
        wait_until(self._is_up, "all clients are connected")
        start = time.monotonic()
        sampling = Every(1 if seconds <= 3600 else 10)
        telling = Every(2 if seconds <= 600 else 60, 2)
        probing = Every(1 / PROBES)
        publishing = [Every(1 / RATE, client.number / RATE / CLIENTS) for client in self.clients]
        while (now := time.monotonic() - start) < seconds:
            for client, due in zip(self.clients, publishing):
                if self.host.has_room(client) and due.is_due():
                    self._publish(client)
            if probing.is_due():
                self.latencies.append((now, 1000 * self.host.probe()))
            if sampling.is_due():
                self.samples.append({"s": now, **sample(self.modem.process.pid)})
            if telling.is_due():
                self._tell(now, seconds)
            self.host.step(0.02)
        wait_until(self._is_quiet, "all messages have arrived")

    def _is_up(self):
        self.host.step(0)
        return self.host.all_up()

    def _is_quiet(self):
        self.host.step(0.02)
        return self.lost() == 0 or time.monotonic() - self.host.heard_at > PATIENCE / 2

    def _publish(self, client):
        messages = self.messages[client.number]
        messages.sent += 1
        self.host.publish(client, messages.sent)

    def _tell(self, now, seconds):
        last = self.samples[-1]
        print(f"{now:6.0f} of {seconds:.0f} s: {sum(each.sent for each in self.messages)} messages, "
              f"{last['rss_kib']} KiB, {last['descriptors']} descriptors, "
              f"{last['threads']} threads, AT {self.latencies[-1][1]:.2f} ms", flush=True)


def percentiles(latencies):
    """Of ms: (p50, p99)."""
    if len(latencies) < 2:
        return (latencies or [0.0])[0], (latencies or [0.0])[0]
    cuts = quantiles(latencies, n=100, method="inclusive")
    return cuts[49], cuts[98]


def by_minute(latencies):
    minutes = {}
    for second, ms in latencies:
        minutes.setdefault(int(second // 60), []).append(ms)
    return [{"minute": minute, "p50_ms": round(p50, 3), "p99_ms": round(p99, 3)}
            for minute, each in sorted(minutes.items()) for p50, p99 in [percentiles(each)]]


def judge(soak, seconds):
    """Figures, and what is wrong with them."""
    warm = min(WARM_S, seconds / 3)
    steady = [each for each in soak.samples if each["s"] >= warm]
    tenth = max(1, len(steady) // 10)
    rss = [median(each["rss_kib"] for each in part) for part in (steady[:tenth], steady[-tenth:])]
    third = (seconds - warm) / 3
    p99 = [percentiles([ms for second, ms in soak.latencies if begin <= second < begin + third])[1]
           for begin in (warm, seconds - third)]
    figures = {
        "seconds": seconds, "warm_s": warm,
        "messages": sum(each.sent for each in soak.messages), "lost": soak.lost(),
        "doubled": sum(each.doubled for each in soak.messages),
        "links_ended": soak.host.ends,
        "rss_kib": rss, "rss_growth_kib": rss[1] - rss[0],
        "descriptors": sorted({each["descriptors"] for each in steady}),
        "threads": sorted({each["threads"] for each in steady}),
        "cpu_share": round((steady[-1]["cpu_s"] - steady[0]["cpu_s"])
                           / max(1, steady[-1]["s"] - steady[0]["s"]), 4),
        "p99_ms": [round(each, 3) for each in p99]}
    wrong = {"messages were lost": figures["lost"],
             "messages came twice": figures["doubled"],
             "links have ended": figures["links_ended"],
             "memory grows": figures["rss_growth_kib"] > MOST_GROWTH_KIB,
             "descriptors come and go": len(figures["descriptors"]) > 1,
             "threads come and go": len(figures["threads"]) > 1,
             "AT becomes slower": p99[1] > MOST_P99_FACTOR * p99[0] + MOST_P99_MORE_MS}
    return figures, [what for what, is_so in wrong.items() if is_so]


def panels(soak, minutes):
    def course(name):
        return [(each["s"], each[name]) for each in soak.samples]

    def share():
        return [(b["s"], 100 * (b["cpu_s"] - a["cpu_s"]) / (b["s"] - a["s"]))
                for a, b in zip(soak.samples, soak.samples[1:])]

    return {"memory, KiB": {"": course("rss_kib")},
            "descriptors and threads": {"threads": course("threads"),
                                        "descriptors": course("descriptors")},
            "CPU, % of a core": {"": share()},
            "AT by minute, ms": {name: [(60 * each["minute"], each[f"{name}_ms"])
                                        for each in minutes] for name in ("p99", "p50")}}


def read_words():
    parser = Words(prog="soak")
    parser.add_argument("program")
    parser.add_argument("hours", type=float)
    parser.add_argument("directory", nargs="?", type=Path)
    options = parser.parse_args()
    if not 0.005 <= options.hours <= 1000:
        parser.error("hours are 0.005 to 1000")
    return options


def main():
    options = read_words()
    seconds = options.hours * 3600
    with ExitStack() as ends:
        scratch = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="eg91xq-soak-")))
        output = options.directory or scratch
        output.mkdir(parents=True, exist_ok=True)
        soak = Soak(options.program, scratch, ends)
        soak.run(seconds)
        figures, wrong = judge(soak, seconds)
        minutes = by_minute(soak.latencies)
        (output / "soak.json").write_text(json.dumps(
            {**figures, "wrong": wrong, "minutes": minutes, "samples": soak.samples}) + "\n")
        (output / "soak.svg").write_text(svg(panels(soak, minutes)))
    print(", ".join(f"{name} {value}" for name, value in figures.items()))
    for what in wrong:
        print(f"soak: {what}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    if not MOSQUITTO:
        skip("there is no mosquitto")
    sys.exit(main())
