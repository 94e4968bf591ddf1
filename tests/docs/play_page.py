#!/usr/bin/env python3
"""Plays a page of the documentation as its reader would: play_page.py PAGE... in a new folder, with the
program in PATH. "Save this as `FILE`:" writes the block behind it, "replace the line that has `TEXT`"
replaces that line in the last file by it, and a block of console has commands behind "$ " with what
they print to standard output. A command that prints nothing there is not played."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

PIECE = re.compile(r"(Save this as `([^`]+)`:|replace the line that has `([^`]+)`)|^```(\w*)\n(.*?)^```$",
                   re.MULTILINE | re.DOTALL)


def play(page, folder):
    saved = name = replaced = None
    for piece in PIECE.finditer(page.read_text()):
        _, save, replace, language, block = piece.groups()
        if save:
            name, saved = save, save
        elif replace:
            replaced = replace
        elif saved:
            (folder / saved).write_text(block)
            saved = None
        elif replaced:
            lines = (folder / name).read_text().splitlines(keepends=True)
            (folder / name).write_text("".join(block if replaced in line else line for line in lines))
            replaced = None
        elif language == "console":
            for command, _, wanted in (part.partition("\n") for part in block[2:].split("\n$ ")):
                if not wanted or " ctl " in command:
                    continue
                done = subprocess.run(["bash", "-c", command], cwd=folder, stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL, text=True, timeout=60)
                if done.stdout.strip() != wanted.strip():
                    sys.exit(f"{page.name}: {command}\nprints\n{done.stdout}\nnot\n{wanted}")
                print(f"{page.name}: {command.splitlines()[0]}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        for each in sys.argv[1:]:
            play(Path(each), Path(scratch))
