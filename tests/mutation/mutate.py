"""Whether the tests notice wrong changes: makes mutants of the core, one at a time in a copy of the
tree, and runs unit tests and transcripts against each. Ends with the score and the survivors."""

import argparse
import pathlib
import random
import subprocess
import sys
import time

from mutants import of_file

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ["at_engine", "cellular", "mqtt_backend", "ssl_ctx", "emulator/device"]
JUSTIFIED = pathlib.Path(__file__).with_name("justified.txt")
PATIENCE_S = 180  # for a mutant that goes round in circles


def options():
    parser = argparse.ArgumentParser(prog="scripts/mutate", description=__doc__.split(":")[1])
    parser.add_argument("count", nargs="?", type=int, default=500, help="how many mutants (500)")
    parser.add_argument("--seed", type=int, default=1, help="which ones (1)")
    parser.add_argument("--file", help="only of files whose path has this in it")
    chosen = parser.parse_args()
    if chosen.count < 1:
        parser.error("count: at least 1")
    return chosen


def all_mutants(wanted):
    files = subprocess.run(["git", "ls-files", "--", *ROOMS], cwd=ROOT, capture_output=True, text=True, check=True)
    for file in files.stdout.split():
        if file.endswith(".cpp") and (not wanted or wanted in file):
            yield from of_file(file, (ROOT / file).read_text())


class Tree:
    """The copy in which the mutants live."""

    def __init__(self):
        self.path = ROOT / "build" / "mutants" / "tree"
        if not self.path.exists():
            run(["git", "worktree", "add", "--detach", "--force", str(self.path), "HEAD"], ROOT)
        run(["git", "checkout", "--force", "--detach", subject()], self.path)
        self.build = self.path / "build" / "dev"
        if not (self.build / "build.ninja").exists():
            run(["cmake", "--preset", "dev"], self.path)

    def compiles(self):
        return subprocess.run(["ninja", "-C", str(self.build), "unit_tests"], capture_output=True).returncode == 0

    def passes(self):
        try:
            tests = [str(self.build / "bin" / "unit_tests"), "~[sim]", "--abort"]
            return subprocess.run(tests, cwd=self.path, capture_output=True, timeout=PATIENCE_S).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def verdict(self, mutant):
        file = self.path / mutant.file
        lines = file.read_text().split("\n")
        assert lines[mutant.line - 1] == mutant.before
        lines[mutant.line - 1] = mutant.after
        original = file.read_text()
        file.write_text("\n".join(lines))
        try:
            if not self.compiles():
                return "no code"
            return "survived" if self.passes() else "killed"
        finally:
            file.write_text(original)


def run(words, directory):
    done = subprocess.run(words, cwd=directory, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"scripts/mutate: {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def subject():
    return run(["git", "rev-parse", "HEAD"], ROOT).strip()


def justified():
    if not JUSTIFIED.exists():
        return {}
    rows = (line.split(maxsplit=1) for line in JUSTIFIED.read_text().splitlines() if line and line[0] != "#")
    return {name: reason for name, reason in rows}


def main():
    chosen = options()
    found = sorted(set(all_mutants(chosen.file)), key=lambda mutant: (mutant.file, mutant.line, mutant.after))
    random.Random(chosen.seed).shuffle(found)
    print(f"{len(found)} mutants can be made; building", flush=True)
    tree = Tree()
    if not tree.compiles() or not tree.passes():
        sys.exit("scripts/mutate: the tests do not pass without any mutant")
    excused = justified()
    counts = {"killed": 0, "survived": 0, "justified": 0, "no code": 0}
    begun = time.monotonic()
    for mutant in found:
        if counts["killed"] + counts["survived"] + counts["justified"] == chosen.count:
            break
        verdict = "justified" if mutant.name in excused else tree.verdict(mutant)
        counts[verdict] += 1
        if verdict != "no code":
            print(f"{verdict:9} {mutant.name} {mutant.file}:{mutant.line}  {mutant.before.strip()}  ->  "
                  f"{mutant.after.strip()}", flush=True)
    judged = counts["killed"] + counts["survived"]
    print(f"{judged + counts['justified']} mutants in {time.monotonic() - begun:.0f} s: {counts['killed']} killed, "
          f"{counts['survived']} survived, {counts['justified']} justified; score "
          f"{100 * counts['killed'] / max(1, judged):.1f} %")
    sys.exit(0 if counts["killed"] * 10 >= judged * 9 else 1)


main()
