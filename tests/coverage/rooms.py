"""Prints what `llvm-cov export` counted, by room, and judges it by the goals: rooms.py EXPORT.json
ROOT [--core]. Which rooms are core tests/layering_test.cmake says; what is not counted, unreachable.py."""
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

from unreachable import leave_out

KINDS = ("lines", "branches", "mcdc")
GOALS = {"core": {"lines": 100.0, "branches": 98.0, "mcdc": 90.0}, "shell": {"lines": 85.0}}
# Rooms within a folder, as in tests/layering_test.cmake.
PARTS = (
    ("ssl_ctx/tls", "ssl_ctx_tls"),
    ("mqtt_backend/link/", "mqtt_backend_link"),
    ("data_services/link/", "data_services_link"),
    *((f"emulator/{part}/", f"emulator_{part}") for part in ("ctl", "device", "lint", "module")),
    ("storm/core/", "storm_core"),
)
OTHERS = ("tests", "build", "cmake", "storm", "conformance")  # programs that are no modem


def room_of(path):
    for start, room in PARTS:
        if path.startswith(start):
            return room
    return path.split("/")[0]


def core_rooms(root):
    text = (root / "tests/layering_test.cmake").read_text()
    return set(re.search(r"^set\(core ([^)]*)\)", text, re.M).group(1).split())


def percent(covered, count):
    return 100.0 * covered / count if count else 100.0


def counted(export, root):
    for file in json.loads(Path(export).read_text())["data"][0]["files"]:
        path = Path(file["filename"])
        if path.is_relative_to(root):
            leave_out(file, path.read_text())
            yield str(path.relative_to(root)), file["summary"]


class Sums:
    def __init__(self):
        self.of = defaultdict(lambda: {kind: [0, 0] for kind in KINDS})

    def add(self, name, summary):
        for kind in KINDS:
            self.of[name][kind][0] += summary[kind]["covered"]
            self.of[name][kind][1] += summary[kind]["count"]

    def row(self, name):
        cells = ((*self.of[name][kind], percent(*self.of[name][kind])) for kind in KINDS)
        return f"{name:<22}" + "".join(f"{a:>7}/{b:<6}{p:6.1f} %" for a, b, p in cells)


def missed(sums, name, kind):
    covered, count = sums.of[name][kind]
    return count - covered


def main():
    export, root = sys.argv[1], Path(sys.argv[2]).resolve()
    sides = ("core",) if "--core" in sys.argv[3:] else ("core", "shell")
    core = core_rooms(root)
    rooms, files, all_of = Sums(), defaultdict(Sums), Sums()
    side_of = {}
    for path, summary in counted(export, root):
        room = room_of(path)
        if room in OTHERS:
            continue
        side = side_of[room] = "core" if room in core else "shell"
        rooms.add(room, summary)
        files[side].add(path, summary)
        all_of.add(side, summary)

    print(f"{'':<22}" + "".join(f"{title:>22}" for title in ("lines", "branches", "MC/DC")))
    for side in sides:
        for room in sorted(room for room in side_of if side_of[room] == side):
            print(rooms.row(room))
        print(all_of.row(side) + "\n")

    met = True
    for side in sides:
        for kind, goal in GOALS[side].items():
            share = percent(*all_of.of[side][kind])
            if share >= goal:
                continue
            met = False
            print(f"{side}: {share:.2f} % of {kind}, and {goal:g} % is the goal; most lack")
            worst = sorted(files[side].of, key=lambda name: -missed(files[side], name, kind))
            for name in worst[:8]:
                if missed(files[side], name, kind):
                    print(f"  {missed(files[side], name, kind):>4}  {name}")
    return 0 if met else 1


sys.exit(main())
