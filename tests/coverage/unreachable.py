"""What no run can reach, by a rule and not by a list: a switch without a default that names every
enumerator, of which -Wswitch makes sure, has no other value; nor is there a way behind it when each
of its cases returns."""
import re

SWITCH = re.compile(r"( *)switch \(.*\) \{$")
RETURNS_AT_LAST = re.compile(r"^ *return\b[^;]*;\s*\Z", re.M)
ENUMERATOR = re.compile(r" *case [A-Za-z_]\w*(::\w+)*:")


def switches(text):
    """Of each: the line of its condition, and the lines behind it that nothing leads to."""
    lines = text.split("\n")
    for start, line in enumerate(lines):
        if not (begun := SWITCH.match(line)):
            continue
        end = lines.index(begun[1] + "}", start)
        body = lines[start + 1 : end]
        labels = [each for each in body if each.lstrip().startswith("case ")]
        if any("default:" in each for each in body) or not all(map(ENUMERATOR.match, labels)):
            continue
        text_of_body = "\n".join(body)
        returns = RETURNS_AT_LAST.search(text_of_body) and "break;" not in text_of_body
        behind = []
        if returns and lines[end + 1].lstrip().startswith("return"):
            stop = end + 1
            while not lines[stop].endswith(";"):
                stop += 1
            behind = [*range(end + 2, stop + 2), stop + 2]  # with the brace of its block
        yield start + 1, behind


def count_of_line(segments, number):
    """As llvm-cov counts it; None for a line without code."""
    wraps = None
    starts = []
    for line, _, count, has_count, is_entry, is_gap in segments:
        if line < number:
            wraps = count if has_count else None
        elif line == number and has_count and is_entry and not is_gap:
            starts.append(count)
    return max([*starts, *([] if wraps is None else [wraps])], default=None)


def leave_out(file, text):
    """Takes from the summary of a file what is missed for one of these reasons."""
    summary = file["summary"]
    for condition, behind in switches(text):
        for branch in file["branches"]:
            line, _, _, _, taken = branch[:5]
            if line == condition and taken == 0:
                summary["branches"]["count"] -= 1
        for line in behind:
            if count_of_line(file["segments"], line) == 0:
                summary["lines"]["count"] -= 1
