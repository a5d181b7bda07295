#!/usr/bin/env python3
"""Holds the transcripts in README.md and docs/guide/ against the program, or writes them again.

A transcript is a ```console block: lines "$ platen ..." each followed by what the command prints to stdout. A line "..."
stands for the rest of the output. The commands run in one temporary folder that sees examples/ and studies/. Numbers may
differ by one in their last digit: a value at the edge of rounding falls either way with another processor's arithmetic.
"""

import argparse
import difflib
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = ["README.md", *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs/guide").glob("*.md"))]


def said(program, command, folder):
    words = shlex.split(command)
    assert words[0] == "platen", f"a transcript runs platen alone: {command}"
    done = subprocess.run([program, *words[1:]], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.stderr.write(f"$ {command}\n{done.stderr}")
    return done.stdout.rstrip("\n").split("\n")


def fresh_block(block, program, folder):
    """The block with every output replaced by what the program says now; "..." keeps its place."""
    out, lines = [], block.split("\n")
    starts = [k for k, line in enumerate(lines) if line.startswith("$ ")]
    for start, end in zip(starts, starts[1:] + [len(lines)]):
        old = lines[start + 1:end]
        new = said(program, lines[start][2:], folder)
        if "..." in old:
            new = new[:old.index("...")] + ["..."]
        blank = [""] if end < len(lines) else []
        out += [lines[start], *new, *blank]
    return "\n".join(out)


NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


def last_digit(number):
    mantissa, _, exponent = number.partition("e")
    return 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def agree(old, new):
    """The same words, and numbers within one of their last digit."""
    if NUMBER.sub("#", old).split() != NUMBER.sub("#", new).split():
        return False
    pairs = zip(NUMBER.findall(old), NUMBER.findall(new))
    return all(abs(float(a) - float(b)) <= 1.001 * max(last_digit(a), last_digit(b)) for a, b in pairs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path, help="build/platen")
    parser.add_argument("--write", action="store_true", help="write what the program says now into the pages")
    arguments = parser.parse_args()
    program = arguments.program.resolve()
    stale = False
    for name in PAGES:
        page = ROOT / name
        text = page.read_text()
        with tempfile.TemporaryDirectory() as folder:
            for shared in ("examples", "studies"):
                os.symlink(ROOT / shared, pathlib.Path(folder) / shared)
            fresh = re.sub(r"(?<=```console\n).*?(?=\n```)", lambda m: fresh_block(m.group(0), program, folder), text,
                           flags=re.DOTALL)
        if arguments.write:
            page.write_text(fresh)
        elif not agree(text, fresh):
            stale = True
            sys.stdout.writelines(difflib.unified_diff(text.splitlines(True), fresh.splitlines(True), name, "now"))
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
