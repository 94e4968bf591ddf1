"""Lines and branches as `llvm-cov show` has them, each once, without what no run can reach, by a rule
and not by a list: a switch without a default that names every enumerator, of which -Wswitch makes
sure, has no other value; nor is there a way behind it when each of its cases returns. A function that
returns nothing and has no body is what an interface demands of those who do not care."""
import re

SWITCH = re.compile(r"( *)switch \(.*\) \{$")
RETURNS_AT_LAST = re.compile(r"^ *return\b[^;]*;\s*\Z", re.M)
DOES_NOTHING = re.compile(r" *(virtual )?void \w+\([^{}]*\)( const| noexcept| override| final)* \{\}$")
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
    """As `llvm-cov show` has it; None for a line without code."""
    wraps = None
    starts = []
    for line, _, count, has_count, is_entry, is_gap in segments:
        if line < number:
            wraps = count if has_count and not is_gap else None
        elif line == number and has_count and is_entry and not is_gap:
            starts.append(count)
    return max([*starts, *([] if wraps is None else [wraps])], default=None)


def lines(file, text):
    """Count and covered. A line counts once, in however many instantiations or lambdas it stands; not
    at all where nothing leads to it."""
    left_out = {line for _, behind in switches(text) for line in behind}
    left_out |= {number for number, line in enumerate(text.split("\n"), 1) if DOES_NOTHING.match(line)}
    count = covered = 0
    for line in range(1, text.count("\n") + 2):
        passes = count_of_line(file["segments"], line)
        if passes or (passes == 0 and line not in left_out):
            count += 1
            covered += passes > 0
    return count, covered


def is_ours(text_of_line, place):
    """Not so are the members that a defaulted comparison goes through, and `while (true)`."""
    _, start, _, end = place
    return not text_of_line.endswith("= default;") and text_of_line[start - 1 : end - 1] != "true"


def branches(file, text):
    """Count and covered. A place counts once, in however many instantiations of a template it stands;
    what one of them takes is taken."""
    taken = {}
    for *place, true, false in (branch[:6] for branch in file["branches"]):
        before = taken.get(tuple(place), (0, 0))
        taken[tuple(place)] = (before[0] + true, before[1] + false)
    conditions = {condition for condition, _ in switches(text)}
    text_of = text.split("\n")
    count = covered = 0
    for place, (true, false) in taken.items():
        if is_ours(text_of[place[0] - 1], place):
            never = place[0] in conditions and not true
            count += 1 if never else 2
            covered += bool(true) + bool(false)
    return count, covered


def leave_out(file, text):
    """Counts lines and branches of a file anew, without what is missed for one of these reasons."""
    summary = file["summary"]
    for kind, counted in (("lines", lines(file, text)), ("branches", branches(file, text))):
        summary[kind]["count"], summary[kind]["covered"] = counted
