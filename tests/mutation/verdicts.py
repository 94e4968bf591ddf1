"""What is known of mutants: kept in a file, so that a second call goes on."""

import csv
import hashlib
import subprocess

TESTS = [f"tests/{part}" for part in ("integration", "sim", "support", "transcripts", "unit")]


class Verdicts:
    """Rows of NAME VERDICT CODE SUBJECT. A kill holds while the mutant's file (CODE) is the same, as
    tests are added rather than taken away; a survivor only while all rooms and tests (SUBJECT) are."""

    def __init__(self, root, rooms):
        self.root = root
        self.file = root / "build" / "mutants" / "verdicts.txt"
        self.subject = self.digest([*rooms, *TESTS])
        self.rows = {}
        if self.file.exists():
            self.rows = {row[0]: row[1:] for row in csv.reader(self.file.open(), delimiter=" ")}

    def digest(self, paths):
        listed = subprocess.run(["git", "ls-tree", "HEAD", *paths], cwd=self.root, capture_output=True, check=True)
        return hashlib.sha256(listed.stdout).hexdigest()[:12]

    def forget(self):
        self.rows = {}
        self.file.unlink(missing_ok=True)

    def of(self, mutant):
        verdict, code, subject = self.rows.get(mutant.name, (None, None, None))
        same = subject == self.subject if verdict == "survived" else code == self.digest([mutant.file])
        return verdict if same else None

    def keep(self, mutant, verdict):
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a") as file:
            csv.writer(file, delimiter=" ", lineterminator="\n").writerow(
                [mutant.name, verdict, self.digest([mutant.file]), self.subject])
