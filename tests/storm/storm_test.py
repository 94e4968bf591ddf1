#!/usr/bin/env python3
"""eg91xq-storm with real modems and a real broker: which is killed, is restarted, or never there;
with modems that are killed; with signals and wrong options.
storm_test.py EG91XQ EG91XQ-STORM"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

from programs import MOSQUITTO, PATIENCE, Broker, Modem, free_port, skip, wait_until

MODEM, STORM = (os.path.realpath(path) for path in sys.argv[1:3])


class StormBroker(Broker):
    def hear(self, count):
        """Messages of the storm, once so many have passed: their topics."""
        heard = subprocess.run(
            ["mosquitto_sub", "-p", str(self.port), "-t", "storm/#", "-C", str(count), "-F", "%t",
             "-W", str(PATIENCE)], check=True, capture_output=True, text=True)
        return heard.stdout.split()

    def hear_all(self, modems):
        """Until each of them has been heard."""
        left = {f"storm/{number}" for number in range(modems)}
        end = time.monotonic() + PATIENCE
        while left:
            assert time.monotonic() < end, f"not heard: {left}"
            left -= set(self.hear(modems))


def start_modem(directory, number, port=None):
    return Modem(MODEM, directory, "--instance", str(number), "--demo-broker", "off",
                 number=number, port=port)


class Storm:
    def __init__(self, directory, *options):
        self.json = directory / "report.json"
        self.log = directory / "storm.log"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [STORM, "--ready-file", directory / "ready", "--json", self.json, *options],
                stdout=log, stderr=log)

    def result(self):
        """Exit code and report, once it has ended."""
        code = self.process.wait(PATIENCE)
        return code, json.loads(self.json.read_text())

    def finish(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.result()


class StormTest(unittest.TestCase):
    def setUp(self):
        self.directory = Path(tempfile.mkdtemp(prefix="storm-test-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)

    def broker(self, **options):
        broker = StormBroker(self.directory, **options)
        self.addCleanup(broker.end)
        return broker

    def modems(self, count, broker_port, ports=()):
        """So many programs, and a ready file that lists them as one fleet."""
        modems = []
        for number in range(count):
            modems.append(start_modem(self.directory, number, *ports[number:number + 1]))
            self.addCleanup(modems[-1].end, signal.SIGKILL)
        self.write_ready([{"name": f"modem{number}", "ports": json.loads(
            modem.ready.read_text())["ports"]} for number, modem in enumerate(modems)], broker_port)
        return modems

    def write_ready(self, modems, broker_port):
        broker = {"host": "127.0.0.1", "port": broker_port}
        (self.directory / "ready").write_text(json.dumps({"modems": modems, "broker": broker}))

    def storm(self, *options):
        storm = Storm(self.directory, *options)
        self.addCleanup(storm.process.kill)
        return storm

    def two_seconds_of_one(self, *options):
        broker = self.broker()
        modem = start_modem(self.directory, 0)
        self.addCleanup(modem.end, signal.SIGKILL)
        shutil.copy(modem.ready, self.directory / "ready")
        return self.storm("--broker", f"127.0.0.1:{broker.port}", "--seconds", "2",
                          *options).result()

    def check_counts(self, report):
        """What has to be true of any run."""
        counts = report["messages"]
        self.assertEqual(counts["sent"], counts["confirmed"] + counts["failed"])
        self.assertEqual(counts["failed"], sum(counts["failed_by"].values()))
        self.assertEqual(report["latency_ms"]["publish"]["count"], counts["confirmed"])
        self.assertEqual(report["latency_ms"]["round_trip"]["count"], counts["received"])
        self.assertEqual(counts["garbled"], 0)
        self.assertEqual(counts["foreign"], 0)

    def test_fleet_of_every_kind_of_port(self):
        broker = self.broker()
        self.modems(3, broker.port, ["tcp:0"])
        for qos in range(3):
            with self.subTest(qos=qos):
                storm = self.storm("--qos", str(qos), "--rate", "20", "--payload", "1500",
                                   "--seconds", "1000")
                broker.hear_all(3)
                code, report = storm.finish()
                self.check_counts(report)
                self.assertEqual(code, 0, report)
                self.assertEqual(report["modems"],
                                 {"count": 3, "connected": 3, "connected_at_end": 3})
                self.assertEqual(report["messages"]["failed"], 0)
                self.assertGreaterEqual(report["messages"]["received"], 3)
                self.assertEqual(report["messages"]["unreceived"], 0)
                self.assertEqual(report["messages"]["doubled"], 0)
                self.assertEqual(report["start"]["attempts"], 3)

    def test_single_modem_ends_by_itself(self):
        code, report = self.two_seconds_of_one("--rate", "10", "--no-subscribe")
        self.check_counts(report)
        self.assertEqual(code, 0, report)
        self.assertGreater(report["messages"]["confirmed"], 0)
        self.assertEqual(report["messages"]["received"], 0)
        self.assertEqual(report["messages"]["lost"], 0)

    def test_without_messages_the_links_are_held(self):
        code, report = self.two_seconds_of_one("--rate", "0")
        self.assertEqual(code, 0, report)
        self.assertEqual(report["modems"], {"count": 1, "connected": 1, "connected_at_end": 1})
        self.assertEqual(report["messages"]["sent"], 0)

    def test_some_of_the_modems(self):
        broker = self.broker()
        self.modems(3, broker.port)
        storm = self.storm("--modems", "1-2", "--rate", "20", "--seconds", "1000")
        self.assertLessEqual(set(broker.hear(20)), {"storm/1", "storm/2"})
        code, report = storm.finish(signal.SIGINT)
        self.assertEqual(code, 0, report)
        self.assertEqual(report["modems"]["count"], 2)

    def test_broker_is_killed_and_comes_back(self):
        broker = self.broker()
        self.modems(5, broker.port)
        storm = self.storm("--rate", "10", "--seconds", "1000", "--backoff", "0.2",
                           "--max-backoff", "0.5")
        broker.hear_all(5)
        broker.end()
        # Everyone has noticed, and has tried in vain: all that are gone are counted as such.
        wait_until(lambda: "0/5 connected" in storm.log.read_text(), "nobody is connected")
        broker.start()
        broker.hear_all(5)
        code, report = storm.finish()
        self.check_counts(report)
        self.assertEqual(report["modems"]["connected_at_end"], 5)
        self.assertEqual(report["troubles"]["status"], {"1": 5})
        self.assertEqual(report["outages"]["count"], 1)
        outage = report["outages"]["list"][0]
        self.assertEqual(outage["modems"], 5)
        self.assertGreater(outage["attempts"], 5)
        self.assertLessEqual(outage["seconds_to_50_percent"], outage["seconds_to_all"])
        # What was on its way when the broker was killed may be lost, and only that.
        self.assertEqual(report["messages"]["lost"], report["messages"]["lost_with_link"])
        self.assertEqual(code, 0 if report["messages"]["lost"] == 0 else 1)

    def test_broker_is_killed_and_stays_away(self):
        broker = self.broker()
        self.modems(2, broker.port)
        storm = self.storm("--rate", "0", "--seconds", "1000", "--backoff", "0.2",
                           "--max-backoff", "0.5")
        wait_until(lambda: "2/2 connected" in storm.log.read_text(), "all are connected")
        broker.end()
        wait_until(lambda: "0/2 connected" in storm.log.read_text(), "nobody is connected")
        code, report = storm.finish()
        self.assertEqual(code, 1, report)
        self.assertFalse(report["well"])
        self.assertEqual(report["messages"]["lost"], 0)
        self.assertEqual(report["modems"], {"count": 2, "connected": 2, "connected_at_end": 0})
        self.assertIn("\nnot back     2 of those that were connected\n", storm.log.read_text())

    def test_modem_is_killed_and_stays_away(self):
        broker = self.broker()
        modems = self.modems(2, broker.port)
        storm = self.storm("--rate", "0", "--seconds", "1000", "--backoff", "0.2",
                           "--max-backoff", "0.5")
        wait_until(lambda: "2/2 connected" in storm.log.read_text(), "all are connected")
        modems[1].end(signal.SIGKILL)
        wait_until(lambda: "modem1" in storm.log.read_text(), "the closed port is told of")
        code, report = storm.finish()
        self.assertEqual(code, 1, report)
        self.assertEqual(report["modems"]["connected_at_end"], 1)

    def test_kept_sessions_survive_a_restart_of_the_broker(self):
        broker = self.broker(persistent=True)
        self.modems(3, broker.port)
        storm = self.storm("--rate", "20", "--seconds", "1000", "--backoff", "0.2",
                           "--keep-session")
        broker.hear_all(3)
        broker.end(signal.SIGTERM)
        broker.start()
        broker.hear_all(3)
        code, report = storm.finish()
        self.check_counts(report)
        self.assertEqual(report["messages"]["lost"], 0)
        self.assertEqual(code, 0, report)

    def test_modem_is_killed_and_comes_back(self):
        broker = self.broker()
        modems = self.modems(2, broker.port)
        storm = self.storm("--rate", "20", "--seconds", "1000", "--backoff", "0.2",
                           "--max-backoff", "0.5")
        broker.hear_all(2)
        modems[1].end(signal.SIGKILL)
        wait_until(lambda: "modem1" in storm.log.read_text(), "the closed port is told of")
        modems[1].start()
        broker.hear_all(2)
        code, report = storm.finish()
        self.check_counts(report)
        self.assertGreaterEqual(report["troubles"]["ports_closed"], 1)
        self.assertEqual(report["modems"]["connected_at_end"], 2)
        self.assertIn(code, (0, 1))

    def test_without_a_broker_nobody_connects(self):
        self.modems(2, free_port())
        code, report = self.storm("--seconds", "2", "--backoff", "0.1").result()
        self.assertEqual(code, 1, report)
        self.assertEqual(report["modems"]["connected"], 0)
        self.assertGreater(report["troubles"]["open_failures"], 2)
        self.assertIsNone(report["start"]["seconds_to_50_percent"])

    def test_ports_that_are_not_there(self):
        self.write_ready([{"ports": [{"kind": "pty", "path": str(self.directory / "none")}]},
                          {"ports": [{"kind": "tcp", "path": f"127.0.0.1:{free_port()}"}]},
                          {"ports": [{"kind": "pty", "path": "/dev/null"}]}], 1883)
        code, report = self.storm("--seconds", "1", "--backoff", "0.1").result()
        self.assertEqual(code, 1, report)
        self.assertGreater(report["troubles"]["port_failures"], 3)

    def test_what_is_wrong_is_one_line(self):
        ready = self.directory / "ready"
        ready.write_text("{}")
        full = self.directory / "full"
        full.write_text('{"ports":[{"kind":"pty","path":"/tmp/x"}]}')
        for words in ([], ["--ready-file", self.directory / "none"], ["--ready-file", ready],
                      ["--ready-file", self.directory], ["--ready-file", full],
                      ["--ready-file", full, "--broker", "nowhere"],
                      ["--ready-file", full, "--broker", "h:1", "--modems", "0-1"],
                      ["--ready-file", full, "--broker", "h:1", "--modems", "2-1"],
                      ["--ready-file", full, "--broker", "h:1", "--json", "/none/report"],
                      ["--ready-file", full, "--broker", "h:1", "--payload", "1501"],
                      ["--ready-file", full, "--broker", "h:1", "--rate", "-1"],
                      ["--ready-file", full, "--broker", "h:1", "--prefix", "a/#"],
                      ["--reddy-file", full]):
            with self.subTest(words=words):
                said = subprocess.run([STORM, *words], capture_output=True, text=True,
                                      timeout=PATIENCE)
                self.assertEqual(said.returncode, 2)
                self.assertEqual(said.stdout, "")
                self.assertRegex(said.stderr, r"\Aeg91xq-storm: [^\n]+\n\Z")

    def test_what_standard_output_does_not_take_is_one_line(self):
        for words in (["--help"], ["--version"], ["--completion", "bash"]):
            with self.subTest(words=words), open("/dev/full", "w") as full:
                said = subprocess.run([STORM, *words], stdout=full, stderr=subprocess.PIPE,
                                      text=True, timeout=PATIENCE)
                self.assertEqual(said.returncode, 2)
                self.assertEqual(said.stderr, "eg91xq-storm: cannot write to standard output: "
                                              "No space left on device\n")

    def test_a_reader_that_leaves_wants_no_more(self):
        left, gone = os.pipe()
        os.close(left)
        with os.fdopen(gone, "w") as pipe:
            said = subprocess.run([STORM, "--help"], stdout=pipe, stderr=subprocess.PIPE, text=True,
                                  timeout=PATIENCE)
        self.assertEqual((said.returncode, said.stderr), (0, ""))


if __name__ == "__main__":
    if not MOSQUITTO or not shutil.which("mosquitto_sub"):
        skip("there is no mosquitto")
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
