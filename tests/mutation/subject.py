"""The copy of the tree in which the mutants live, and the test programs that judge them."""

import contextlib
import json
import os
import re
import resource
import shlex
import signal
import subprocess
import sys
import xml.etree.ElementTree as xml
from dataclasses import dataclass

PATIENCE = 4  # times what the tests take without a mutant
QUICK_S = 1.5
MEMORY = 4 << 30  # for a mutant that takes without end
ASIDE = ["capture", "command_line", "conformance", "net", "pty", "storm", "support"]  # tests of other rooms
# Not those of simulation, of real time and of endurance, which take most of the time and see little more.
TESTS = "~[sim]~[.]~[#pace_test]~[#sim_test]"


@dataclass
class Test:
    name: str
    file: str
    seconds: float


def run(words, directory):
    done = subprocess.run(words, cwd=directory, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"scripts/mutate: {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def alone():
    """What is stopped with all its children, takes no more than its share, and ends by itself."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def ends_well(words, directory, patience_s=None):
    started = subprocess.Popen(words, cwd=directory, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, preexec_fn=alone)
    try:
        return started.wait(patience_s) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        if started.poll() is None:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()


def programs(file):
    """The test programs that see this file, the quick one first."""
    if file.startswith("mqtt_backend/link/"):
        return ["unit_tests", "link_tests"]
    return ["unit_tests", "tls_tests"] if file.startswith("ssl_ctx/tls") else ["unit_tests"]


class Subject:
    def __init__(self, root, commit):
        self.folder = root / "build" / "mutants"
        self.path = self.folder / "tree"
        if not self.path.exists():
            run(["git", "worktree", "add", "--detach", "--force", str(self.path), commit], root)
        run(["git", "checkout", "--force", "--detach", commit], self.path)
        # The preset of the test command: what that compiled is in the compiler's cache.
        self.build = self.path / "build" / "release"
        if not (self.build / "build.ninja").exists():
            lld = subprocess.run(["which", "ld.lld"], capture_output=True).returncode == 0
            run(["cmake", "--preset", "release", *["-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld"] * lld], self.path)
        self.tests = {}

    def compiles(self, targets):
        return ends_well(["ninja", "-j2", "-C", str(self.build), *targets], self.path)

    def learn(self, program):
        """Runs the tests without a mutant: which there are, and how long they take."""
        binary, report = self.build / "bin" / program, self.folder / f"{program}.xml"
        if not report.exists() or report.stat().st_mtime < binary.stat().st_mtime:
            words = [str(binary), "-#", TESTS, "-r", "xml", "-d", "yes"]
            done = subprocess.run(words, cwd=self.path, capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(f"scripts/mutate: {program} fails without any mutant")
            report.write_text(done.stdout)
        self.tests[program] = [
            Test(case.get("name"), os.path.relpath(self.build / case.get("filename"), self.path),
                 float(case.find("OverallResult").get("durationInSeconds")))
            for case in xml.parse(report).iter("TestCase")]

    def passes(self, file):
        return all(self.holds(program, tests) for program in programs(file) for tests in self.turns(program, file))

    def turns(self, program, file):
        """What is run one after the other: tests of the same room and transcripts, all others, slow ones.
        What has a program of its own is seen by no unit tests but those of its room."""
        room = "tests/unit/" + file.split("/")[0] + "/"
        unseen = tuple(f"tests/unit/{other}/" for other in ASIDE)
        tests = [test for test in self.tests[program] if not test.file.startswith(unseen)]
        near = [test for test in tests if test.file.startswith(room)]
        if program == "unit_tests" and len(programs(file)) > 1:
            return [near]
        near = [test for test in near if test.seconds < QUICK_S]
        near += [test for test in tests if test.name.startswith("transcripts hold")]
        rest = [test for test in tests if test not in near]
        quick = [test for test in rest if test.seconds < QUICK_S]
        slow = [test for test in rest if test.seconds >= QUICK_S]
        return [turn for turn in (near, quick, slow) if turn]

    def holds(self, program, tests):
        names = self.folder / "tests.txt"
        names.write_text("".join(re.sub(r'([\\,"\[\]])', r"\\\1", test.name) + "\n" for test in tests))
        patience_s = 10 + PATIENCE * sum(test.seconds for test in tests)
        words = [str(self.mutated(program)), "--abort", "--input-file", str(names)]
        return ends_well(words, self.path, patience_s)

    def verdict(self, mutant):
        """The mutant's object stands before the archives in the link, so that none is taken from them."""
        source = self.folder / "mutant.cpp"
        lines = (self.path / mutant.file).read_text().split("\n")
        assert lines[mutant.line - 1] == mutant.before
        lines[mutant.line - 1] = mutant.after
        source.write_text("\n".join(lines))
        if not ends_well(self.compilation(mutant.file, source), self.build):
            return "no code"
        if not all(ends_well(self.link(program), self.build) for program in programs(mutant.file)):
            return "no code"
        with self.program_of(mutant.file):
            return "survived" if self.passes(mutant.file) else "killed"

    @contextlib.contextmanager
    def program_of(self, file):
        """Tests of the handshake run the program itself: the mutant's stands in its place meanwhile."""
        if "tls_tests" not in programs(file):
            yield
            return
        binary, kept = self.build / "bin" / "eg91xq", self.folder / "eg91xq"
        if not ends_well(self.link("eg91xq"), self.build):
            sys.exit("scripts/mutate: the program does not link")
        binary.rename(kept)
        try:
            self.mutated("eg91xq").rename(binary)
            yield
        finally:
            kept.replace(binary)

    def compilation(self, file, source):
        commands = json.loads((self.build / "compile_commands.json").read_text())
        words = next(shlex.split(row["command"]) for row in commands if row["file"] == str(self.path / file))
        at = words.index("-o")
        return [*words[:at], "-O0", "-U_FORTIFY_SOURCE", "-I", str((self.path / file).parent),
                "-o", str(self.folder / "mutant.o"), "-c", str(source)]

    def link(self, program):
        last = run(["ninja", "-t", "commands", f"bin/{program}"], self.build).splitlines()[-1]
        words = shlex.split(last.removeprefix(": && ").removesuffix(" && :"))
        at = words.index("-o")
        return [*words[:at], str(self.folder / "mutant.o"), "-o", str(self.mutated(program)), *words[at + 2:]]

    def mutated(self, program):
        return self.folder / ("mutant_" + program)
