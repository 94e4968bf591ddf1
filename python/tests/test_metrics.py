"""The numbers for Prometheus, read by a client that nobody here wrote."""

from __future__ import annotations

import urllib.request

import pytest

from conftest import Host
from eg91xq import Modem

parser = pytest.importorskip("prometheus_client.parser")


def test_metrics_are_understood(modem: Modem, host: Host) -> None:
    host.type("AT+CSQ\rAT+NOTHING\r")
    modem.expect(r"^ERROR$")
    with urllib.request.urlopen(modem.control + "/metrics") as answer:
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        text = answer.read().decode()
    families = {family.name: family for family in parser.text_string_to_metric_families(text)}
    assert all(family.name.startswith("eg91xq_") for family in families.values())
    assert all(family.type != "unknown" and family.documentation for family in families.values())
    commands = {
        (sample.labels["command"], sample.labels["result"]): sample.value
        for sample in families["eg91xq_commands"].samples
    }
    assert commands[("+CSQ", "OK")] == 1
    assert commands[("+NOTHING", "ERROR")] == 1
    samples = families["eg91xq_result_seconds"].samples
    buckets = [sample.value for sample in samples if sample.name.endswith("_bucket")]
    count = [sample.value for sample in samples if sample.name.endswith("_count")]
    assert buckets == sorted(buckets)
    assert buckets[-1:] == count
