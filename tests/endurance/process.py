"""What a process takes of the machine, from /proc."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def sample(pid):
    """Memory in KiB, descriptors, threads, and seconds of CPU so far."""
    process = Path(f"/proc/{pid}")
    status = dict(line.split(":", 1) for line in process.joinpath("status").read_text().splitlines())
    times = process.joinpath("stat").read_text().rpartition(")")[2].split()
    return {"rss_kib": int(status["VmRSS"].split()[0]),
            "descriptors": len(os.listdir(process / "fd")),
            "threads": int(status["Threads"]),
            "cpu_s": (int(times[11]) + int(times[12])) / TICKS}
