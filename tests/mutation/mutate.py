"""Whether the tests notice wrong changes: makes mutants of the core, one at a time in a copy of the
tree at HEAD, and runs the tests against each. Ends with the score and the survivors. Called again,
it goes on where it was stopped."""

import argparse
import collections
import hashlib
import pathlib
import signal
import subprocess
import sys
import time

from mutants import of_file
from subject import Subject, programs
from verdicts import Verdicts

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ["at_engine", "cellular", "mqtt_backend", "ssl_ctx", "emulator/device"]
JUSTIFIED = pathlib.Path(__file__).with_name("justified.txt")


def options():
    parser = argparse.ArgumentParser(prog="scripts/mutate", description=__doc__.split(":")[1])
    parser.add_argument("count", nargs="?", type=int, default=500, help="how many mutants (500)")
    parser.add_argument("--seed", type=int, default=1, help="which ones (1)")
    parser.add_argument("--file", help="only of files whose path has this in it")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these mutants, whatever is known of them")
    parser.add_argument("--again", action="store_true", help="forget the verdicts of earlier calls")
    chosen = parser.parse_args()
    if chosen.count < 1:
        parser.error("count: at least 1")
    return chosen


def git(*words):
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def all_mutants():
    for file in git("ls-tree", "-r", "--name-only", "HEAD", "--", *ROOMS).split():
        if file.endswith(".cpp"):
            yield from of_file(file, git("show", f"HEAD:{file}"))


def sample(chosen):
    """In an order that a change of the code hardly touches."""
    found = [mutant for mutant in all_mutants() if not chosen.file or chosen.file in mutant.file]
    if chosen.only:
        return [mutant for mutant in found if mutant.name in chosen.only]
    return sorted(found, key=lambda mutant: hashlib.sha256(f"{chosen.seed} {mutant.name}".encode()).digest())


def justified():
    if not JUSTIFIED.exists():
        return {}
    rows = (line.split(maxsplit=1) for line in JUSTIFIED.read_text().splitlines() if line and line[0] != "#")
    return {name: reason for name, reason in rows}


class Run:
    def __init__(self, chosen):
        self.wanted = len(chosen.only) if chosen.only else chosen.count
        self.fresh = bool(chosen.only)
        self.excused = justified()
        self.known = Verdicts(ROOT, ROOMS)
        if chosen.again:
            self.known.forget()
        self.counts = collections.Counter()
        self.survivors = []
        self.judged_now, self.seconds = 0, 0.0
        self.subject = None

    def total(self):
        return self.counts["killed"] + self.counts["survived"] + self.counts["justified"]

    def score(self):
        return 100 * self.counts["killed"] / max(1, self.counts["killed"] + self.counts["survived"])

    def ready(self):
        """The copy of the tree, built only when something is to be judged."""
        if self.subject is None:
            print("building", flush=True)
            self.subject = Subject(ROOT, git("rev-parse", "HEAD").strip())
            if not self.subject.compiles(["unit_tests", "link_tests", "tls_tests"]):
                sys.exit("scripts/mutate: the tree does not compile without any mutant")
        return self.subject

    def judge(self, mutant):
        subject = self.ready()
        for program in programs(mutant.file):
            if program not in subject.tests:
                subject.learn(program)
        begun = time.monotonic()
        verdict = subject.verdict(mutant)
        self.known.keep(mutant, verdict)
        self.judged_now += 1
        self.seconds += time.monotonic() - begun
        return verdict

    def verdict(self, mutant):
        if mutant.name in self.excused:
            return "justified"
        return not self.fresh and self.known.of(mutant) or self.judge(mutant)

    def add(self, mutant):
        before = self.judged_now
        verdict = self.verdict(mutant)
        self.counts[verdict] += 1
        if verdict == "survived":
            self.survivors.append(mutant)
        if self.judged_now > before:
            print(f"{verdict:9} {described(mutant)}\n{'':9} {self.progress()}", flush=True)

    def progress(self):
        each = self.seconds / self.judged_now
        tried = self.total() + self.counts["no code"]
        left = (self.wanted - self.total()) * each * tried / max(1, self.total())
        return f"{self.total()} of {self.wanted}, score {self.score():.1f} %, {each:.1f} s each, {left / 60:.0f} min to go"

    def through(self, mutants):
        for mutant in mutants:
            if self.total() == self.wanted:
                break
            self.add(mutant)


def described(mutant):
    return f"{mutant.name} {mutant.file}:{mutant.line}  {mutant.before.strip()}  ->  {mutant.after.strip()}"


def main():
    chosen = options()
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)
    mutants = sample(chosen)
    run = Run(chosen)
    print(f"{len(mutants)} mutants can be made", flush=True)
    try:
        run.through(mutants)
    except KeyboardInterrupt:
        print("stopped; called again, it goes on", flush=True)
    for mutant in run.survivors:
        print("survivor ", described(mutant))
    counts = run.counts
    print(f"{run.total()} mutants, {run.seconds:.0f} s now: {counts['killed']} killed, {counts['survived']} survived, "
          f"{counts['justified']} justified, {counts['no code']} were no code; score {run.score():.1f} %")
    sys.exit(0 if run.score() >= 90 and run.total() else 1)


main()
