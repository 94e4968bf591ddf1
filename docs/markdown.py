"""What docs/build and docs/check know of Markdown: its links and headings, and nothing in code."""

import re

FENCE = re.compile(r" {0,3}(```+|~~~+)")
HEADING = re.compile(r"(#{1,6}) +(.*?)(?: +#+)? *$")
# [text](target) and ![text](target), the target without blanks.
LINK = re.compile(r"(!?\[(?:[^\[\]]|\[[^\]]*\])*\])\(([^()\s]+)\)")
SPAN = re.compile(r"(`+)(?:.*?[^`])?\1(?!`)")


def lines(text):
    """Each line with its number and whether it is of a block of code."""
    fence = None
    for number, line in enumerate(text.split("\n"), 1):
        mark = FENCE.match(line)
        if fence:
            yield number, line, True
            if mark and mark.group(1).startswith(fence) and line.strip() == mark.group(1):
                fence = None
        elif mark:
            fence = mark.group(1)
            yield number, line, True
        else:
            yield number, line, False


def without_code(line):
    """The line with spans of code blanked, as long as before. Text of links is kept."""
    return SPAN.sub(lambda m: m.group(0).replace("](", "] "), line)


def links(text):
    """(number of the line, target) of each link."""
    for number, line, is_code in lines(text):
        if not is_code:
            for match in LINK.finditer(without_code(line)):
                yield number, match.group(2)


def with_links(text, change):
    """The text with each target replaced by change(target)."""
    result = []
    for _, line, is_code in lines(text):
        if not is_code:
            found = list(LINK.finditer(without_code(line)))
            for match in reversed(found):
                line = line[:match.start(2)] + change(match.group(2)) + line[match.end(2):]
        result.append(line)
    return "\n".join(result)


def for_site(text):
    """The text as mkdocs wants it: there a bar in code of a table is none of the table, escaped or not,
    and would be shown with its backslash."""
    result = []
    for _, line, is_code in lines(text):
        if not is_code and line.startswith("|"):
            line = SPAN.sub(lambda m: m.group(0).replace("\\|", "|"), line)
        result.append(line)
    return "\n".join(result)


def title(text):
    for _, line, is_code in lines(text):
        match = HEADING.match(line)
        if match and not is_code:
            return plain(match.group(2))
    return None


def plain(heading):
    """A heading without its marks."""
    return re.sub(r"[`*]", "", LINK.sub(lambda m: m.group(1).lstrip("!")[1:-1], heading))


def anchors(text):
    """The anchors of the headings, as hosts of repositories make them."""
    seen = {}
    result = set()
    for _, line, is_code in lines(text):
        match = HEADING.match(line)
        if not match or is_code:
            continue
        anchor = re.sub(r"[^\w\- ]", "", plain(match.group(2)).lower()).replace(" ", "-")
        count = seen.get(anchor, 0)
        seen[anchor] = count + 1
        result.add(anchor if count == 0 else f"{anchor}-{count}")
    return result
