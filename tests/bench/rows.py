"""The rows of docs/figures.md: each measures its figures and says what they should be."""

import json
import subprocess
import time
import urllib.request
from dataclasses import dataclass
from itertools import combinations
from statistics import median

from plot import plot
from measured import BIN, TREE, Broker, Child, Host, Modem, bench, on, processors, say

ROUNDS = 5
ROWS = {}


@dataclass
class Figure:
    what: str
    value: float
    unit: str = ""
    goal: str = ""  # "<= 1.2"; none where the figure explains another one

    @property
    def is_met(self):
        if not self.goal:
            return True
        relation, limit = self.goal.split()
        return self.value <= float(limit) if relation == "<=" else self.value >= float(limit)


def row(name, *benches):
    def keep(function):
        ROWS[name] = (function, benches)
        return function
    return keep


def round_trips(port, name, most_p50):
    ours, host = processors()
    with on(ours):
        modem = Modem("--port", port)
    with modem, on(host):
        told = bench("at_latency", modem.port, "--echo", "--echo-on", ours)
    return [Figure(f"`AT` over {name}, p50", told["p50_us"], "µs"),
            Figure("its ratio to the echo loop", told["p50_ratio"], goal=f"<= {most_p50}"),
            Figure("ratio of p99", told["p99_ratio"], goal="<= 1.2")]


@row("at-pty", "at_latency")
def at_pty():
    return round_trips("pty", "the pty", 0.6)


@row("at-tcp", "at_latency")
def at_tcp():
    return round_trips("tcp:127.0.0.1:0", "TCP", 1.1)


@row("engine", "engine_rate")
def engine():
    told = bench("engine_rate")
    return [Figure("`AT`", told["at_ns"], "ns", "<= 300"),
            Figure('`AT+QMTCFG="keepalive",0,60`', told["keepalive_set_ns"], "ns", "<= 600"),
            Figure("`AT+CSQ`", told["csq_ns"], "ns")]


@row("publish", "publish_latency")
def publish():
    ours, host = processors()
    with on(ours):
        broker, modem = Broker(), Modem("--port", "pty")
    with broker, modem, on(host):
        told = bench("publish_latency", modem.port, broker.port)
    return [Figure("payload to result, qos 1, p50", told["modem_us"], "µs"),
            Figure("PUBLISH to PUBACK on a bare socket", told["raw_us"], "µs"),
            Figure("the modem's part", told["more_us"], "µs", "<= 100")]


@row("publishes", "publish_rate")
def publishes():
    with Broker() as broker, Modem("--port", "pty") as modem:
        told = bench("publish_rate", modem.port, broker.port)
    return [Figure("publishes of qos 1, five under way", told["modem_per_s"], "/s"),
            Figure("Paho alone", told["paho_per_s"], "/s"),
            Figure("ratio", told["ratio"], goal=">= 1.0")]


@row("qos0-worst", "publish_latency")
def qos0_worst():
    with Broker() as broker, Modem("--port", "pty") as modem:
        told = bench("publish_latency", modem.port, broker.port, "--qos", 0, "--count", 10_000)
    return [Figure("payload to result, qos 0, p50", told["p50_us"], "µs"),
            Figure("p99", told["p99_us"], "µs"),
            Figure("longest of 10 000", told["max_us"], "µs", "<= 1000"),
            Figure("longer than 1 ms", told["above_1_ms"]),
            Figure("longest of 10 000 `AT` in between", told["at_max_us"], "µs"),
            Figure("longer than 1 ms", told["at_above_1_ms"])]


@row("inbound", "inbound_rate")
def inbound():
    with Modem("--port", "pty") as modem:
        told = bench("inbound_rate", modem.port)
    return [Figure("messages of 100 bytes, none lost", told["messages_per_s"], "/s", ">= 60000")]


def kib_of_clients(modems=20, further=5):
    with Broker() as broker, Modem("--port", "tcp:127.0.0.1:0", "--count", modems) as fleet:
        hosts = [Host(port) for port in fleet.ports]
        for host in hosts:
            host.connect(0, broker)
        before = fleet.resident()
        for client in range(1, further + 1):
            for host in hosts:
                host.connect(client, broker)
        return (fleet.resident() - before) / 1024 / modems / further


def kib_of_channels(modems=100, further=3):
    sizes = []
    for channels in (1, 1 + further):
        with Modem("--count", modems, *["--port", "tcp:127.0.0.1:0"] * channels) as fleet:
            time.sleep(0.5)
            sizes.append(fleet.resident())
    return (sizes[1] - sizes[0]) / 1024 / modems / further


@row("start")
def start():
    starts, sizes = [], []
    for _ in range(11):
        with Modem("--port", "tcp:127.0.0.1:0") as modem, Host(modem.port):
            starts.append(modem.start * 1000)
            time.sleep(0.3)
            sizes.append(modem.resident() / 1e6)
    clients = [kib_of_clients() for _ in range(ROUNDS)]
    channels = [kib_of_channels() for _ in range(ROUNDS)]
    return [Figure("start until ready", median(starts), "ms", "<= 10"),
            Figure("resident, idle", median(sizes), "MB", "<= 8"),
            Figure("each further MQTT client", median(clients), "KiB", "<= 8"),
            Figure("each further AT channel", median(channels), "KiB", "<= 8")]


def idle_fleet(count, most_mb, most_cpu, most_start):
    starts, sizes, shares = [], [], []
    seconds = 4
    for number in range(ROUNDS):
        say(f"fleet of {count}, {number + 1} of {ROUNDS}")
        with Modem("--port", "tcp:127.0.0.1:0", "--count", count) as fleet:
            starts.append(fleet.start)
            time.sleep(1)
            before = fleet.cpu()
            time.sleep(seconds)
            shares.append((fleet.cpu() - before) / seconds * 100)
            sizes.append(fleet.resident() / 1e6)
    return [Figure(f"{count} modems, idle: resident", median(sizes), "MB", f"<= {most_mb}"),
            Figure("of a core", median(shares), "%", f"<= {most_cpu}"),
            Figure("start until ready", median(starts), "s", f"<= {most_start}")]


@row("fleet")
def fleet():
    return idle_fleet(100, 40, 1, 0.3) + idle_fleet(1000, 200, 3, 2)


def busy(threads, count=1000):
    say(f"busy fleet with {threads} threads: half a minute")
    seconds = 35
    with Broker() as broker, Modem("--port", "tcp:127.0.0.1:0", "--count", count, "--threads", threads) as fleet, \
            Child(BIN / "eg91xq-storm", "--ready-file", fleet.file("ready"), "--broker", f"127.0.0.1:{broker.port}",
                  "--modems", f"0-{count - 2}", "--rate", 1, "--seconds", seconds, "--connect-rate", 500,
                  "--no-subscribe", "--json", "SCRATCH/report", stdout=subprocess.DEVNULL) as storm:
        time.sleep(10)
        told = bench("at_latency", fleet.ports[-1], "--pause", 5000, "--rounds", ROUNDS, "--count", 500)
        storm.process.wait(seconds + 60)
        report = json.loads(storm.file("report").read_text())
    return [Figure(f"`AT` on one of {count}, `--threads {threads}`: p50", told["p50_us"] / 1000, "ms"),
            Figure("p99", told["p99_us"] / 1000, "ms", "<= 5"),
            Figure("publishes meanwhile", report["rates"]["confirmed"], "/s")]


@row("busy-fleet", "at_latency", "eg91xq-storm")
def busy_fleet():
    return busy(1) + busy(2)


@row("flat", "at_latency")
def flat():
    sizes = (1, 10, 100, 1000)
    one, all_, cpu = ({size: [] for size in sizes} for _ in range(3))
    ours, host = processors()
    with on(ours):
        fleets = {size: Modem("--port", "tcp:127.0.0.1:0", "--count", size) for size in sizes}
    try:
        for number in range(ROUNDS):
            say(f"flat: {number + 1} of {ROUNDS}")
            for size, fleet in fleets.items():
                with on(host):
                    one[size].append(bench("at_latency", fleet.port, "--rounds", 1, "--count", 2000)["p50_us"])
                    told = bench("at_latency", *fleet.ports, "--rounds", 1, "--count", 4000, "--pid", fleet.pid)
                all_[size].append(told["p50_us"])
                cpu[size].append(told["cpu_us"])
    finally:
        for fleet in fleets.values():
            fleet.__exit__()
    curves, figures = {}, []
    for name, by_size in {"p50, always the same modem": one, "p50, all in turn": all_, "CPU, all in turn": cpu}.items():
        curves[name] = {size: median(times) for size, times in by_size.items()}
        say(f"{name}: " + ", ".join(f"{size}: {time:.1f} µs" for size, time in curves[name].items()))
        # One modem that is waited for awake costs more than each of ten: growth is over any smaller fleet.
        growth = max(median(large / small for large, small in zip(by_size[size], by_size[other]))
                     for other, size in combinations(sizes, 2))
        figures.append(Figure(f"`AT`, {name}: most that a larger fleet takes over a smaller", growth, goal="<= 1.2"))
    plot(TREE / "docs/pictures/flat.svg", "AT in a fleet of 1 to 1000 modems, µs", curves)
    return figures


def counted(modem, kind):
    """Packets of that type that the modem has seen."""
    with urllib.request.urlopen(modem.ready["control"] + "/metrics") as told:
        lines = told.read().decode().splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines
               if line.startswith("eg91xq_packets_total") and f'type="{kind}"' in line)


@row("day")
def day():
    with Broker() as broker, Modem("--port", "tcp:127.0.0.1:0", "--control", "0") as modem, Host(modem.port) as host:
        host.ask('AT+QMTCFG="keepalive",0,60')
        host.connect(0, broker)
        ctl = (BIN / "eg91xq", "ctl", "--at", modem.ready["control"], "time")
        subprocess.run([*ctl, "pause"], check=True, stdout=subprocess.DEVNULL)
        begin = time.monotonic()
        subprocess.run([*ctl, "advance", "86400"], check=True, stdout=subprocess.DEVNULL)
        took = time.monotonic() - begin
        host.ask("AT+QMTCONN?", "+QMTCONN: 0,3\r\n")
        asked, answered = (counted(modem, kind) for kind in ("pingreq", "pingresp"))
    return [Figure("a day with a keep-alive of 60 s", took, "s", "<= 30"),
            Figure("PINGREQs", asked, goal=">= 1430"),
            Figure("of them unanswered", asked - answered, goal="<= 0")]
