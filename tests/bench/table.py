"""The table of docs/figures.md: puts measured rows in the place of those of before, and counts goals.

>>> page = '''Of 2 goals 1 are **not** met here.
...
... | row | what | figure | goal | met | measured |
... |---|---|--:|--:|---|---|
... | `a` | one | 3 | <= 2 | **no** | then |
... | `b` | two | 1 |  |  | then |
... '''
>>> print(with_rows(page, "a", ["| `a` | one | 1 | <= 2 | yes | now |", "| `a` | more | 2 | >= 3 | **no** | now |",
...                             "| `a` | most | 3 | <= 5 | yes | now |"]))
Of 3 goals 1 are **not** met here.
<BLANKLINE>
| row | what | figure | goal | met | measured |
|---|---|--:|--:|---|---|
| `a` | one | 1 | <= 2 | yes | now |
| `a` | more | 2 | >= 3 | **no** | now |
| `a` | most | 3 | <= 5 | yes | now |
| `b` | two | 1 |  |  | then |
<BLANKLINE>
>>> with_rows(page, "c", [])
Traceback (most recent call last):
ValueError: the table has no row c
"""

import re


def with_rows(page, name, rows):
    """The page with `rows`, lines of the table, where those called `name` were."""
    lines = page.split("\n")
    mine = [i for i, line in enumerate(lines) if line.startswith(f"| `{name}` | ")]
    # Further down the same names stand with how each is measured.
    mine = [i for n, i in enumerate(mine) if i == mine[0] + n]
    if not mine:
        raise ValueError(f"the table has no row {name}")
    lines[mine[0] : mine[-1] + 1] = rows
    page = "\n".join(lines)
    met = len(re.findall(r"^\| .* \| yes \| [^|]+ \|$", page, re.M))
    missed = len(re.findall(r"^\| .* \| \*\*no\*\* \| [^|]+ \|$", page, re.M))
    return re.sub(r"Of \d+ goals \d+ are", f"Of {met + missed} goals {missed} are", page, count=1)
