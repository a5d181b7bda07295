#!/usr/bin/env python3
"""Writes docs/guide/command-line.md from what the program says with --help, or checks that it is up to date."""

import argparse
import difflib
import pathlib
import re
import subprocess
import sys

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs/guide/command-line.md"


def said(program, *words):
    return subprocess.run([program, *words], check=True, capture_output=True, text=True).stdout


def page(program):
    overview = said(program, "--help")
    verbs = re.findall(r"^  ([a-z-]+(?: [a-z]+)?) +\S", overview.split("Verbs:\n")[1].split("\n\n")[0], re.MULTILINE)
    out = ["# The command line", "",
           "This page is what `--help` says, written by `tools/command_line_doc.py PROGRAM`; a test holds the two together.",
           "Errors and exit codes: `docs/errors.md`. JSON answers: `docs/formats/json.md`.", "",
           "```text", overview.rstrip(), "```"]
    for verb in verbs:
        out += ["", f"## {verb}", "", "```text", said(program, *verb.split(), "--help").rstrip(), "```"]
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="build/platen")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the page is not up to date")
    arguments = parser.parse_args()
    fresh = page(arguments.program)
    if not arguments.check:
        PAGE.write_text(fresh)
        return 0
    old = PAGE.read_text() if PAGE.exists() else ""
    sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), fresh.splitlines(True), str(PAGE), "--help"))
    return 0 if old == fresh else 1


if __name__ == "__main__":
    sys.exit(main())
