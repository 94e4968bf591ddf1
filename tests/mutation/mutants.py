"""Small wrong changes of C++ sources: what can be changed on a line, and how it reads then.

A mutant is one change of one line. Lines that only declare, describe or assert are left alone, and
so are strings: what they say is the business of transcripts."""

import collections
import hashlib
import re
from dataclasses import dataclass

SWAPS = [
    (r"==", "!="), (r"!=", "=="), (r"<=", "<"), (r">=", ">"), (r"(?<=\s)<(?=\s)", "<="), (r"(?<=\s)>(?=\s)", ">="),
    (r"&&", "||"), (r"\|\|", "&&"), (r"(?<=\s)\+(?=\s)", "-"), (r"(?<=\s)-(?=\s)", "+"),
    (r"\btrue\b", "false"), (r"\bfalse\b", "true"), (r"(?<=[(\s])!(?=[\w(])", ""),
    (r"\+=", "-="), (r"\+\+", "--"), (r"(?<![\w.'x])\d+(?![\w.'])", None),
]
STATEMENT = re.compile(r"^\s+[\w.\->:\[\]]+(\(.*\)| [+\-|&]?= .*);$")
NOT_CODE = re.compile(r"^\s*(//|#|assert\(|static_assert|using |namespace |template|class |struct |enum |constexpr|case )")


@dataclass(frozen=True)
class Mutant:
    file: str
    line: int  # from 1
    before: str
    after: str
    nth: int  # of those of the file that read the same, from 0

    @property
    def name(self):
        """The same however lines move."""
        text = f"{self.file}\0{self.before.strip()}\0{self.after.strip()}" + f"\0{self.nth}" * (self.nth > 0)
        return hashlib.sha256(text.encode()).hexdigest()[:10]


def outside_strings(line):
    """Where on the line is code."""
    spans, start = [], 0
    for quoted in re.finditer(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])\'|//.*$', line):
        spans.append((start, quoted.start()))
        start = quoted.end()
    return spans + [(start, len(line))]


def changes(line):
    """How the line reads after each of them."""
    if NOT_CODE.match(line) or not line.startswith("  "):
        return
    for begin, end in outside_strings(line):
        for pattern, instead in SWAPS:
            for found in re.finditer(pattern, line[:end]):
                if found.start() < begin:
                    continue
                text = str(int(found.group()) + 1) if instead is None else instead
                yield line[: found.start()] + text + line[found.end():]
    if STATEMENT.match(line) and "return" not in line:
        yield re.match(r"\s*", line).group() + ";"


def of_file(file, text):
    seen = collections.Counter()
    for number, line in enumerate(text.split("\n"), 1):
        for after in sorted(set(changes(line))):
            yield Mutant(file, number, line, after, seen[line.strip(), after.strip()])
            seen[line.strip(), after.strip()] += 1
