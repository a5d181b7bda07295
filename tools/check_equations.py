#!/usr/bin/env python3
"""Holds the equations cited in the sources against docs/theory/. Exit 0: both agree; 1: they do not, one line each.

An equation stands on a page as an indented line that begins with its tag, `    (F2)   1/K = ...`. The code cites it by that
tag in a comment; `(F2) to (F4)` cites all three, `(A4, A17)` both.
"""

import argparse
import pathlib
import re
import sys

STATED = re.compile(r"^    \(([A-Z]\d+)\)\s{2,}\S")
ONE = r"[A-Z][1-9]\d?"  # error codes have three digits
TAGS = re.compile(rf"\(({ONE}(?:, {ONE})*)\)")
RANGE = re.compile(r"\(([A-Z])(\d+)\) to \(\1(\d+)\)")
COMMENT = re.compile(r"//(.*)$")


def stated(root):
    """Tag to (page, line) of every numbered equation, and the faults found on the way."""
    found, faults = {}, []
    for page in sorted((root / "docs/theory").glob("*.md")):
        for number, line in enumerate(page.read_text().splitlines(), 1):
            if not (match := STATED.match(line)):
                continue
            place = f"{page.relative_to(root).as_posix()}:{number}"
            if match.group(1) in found:
                faults.append(f"{place}: ({match.group(1)}) is also stated in {found[match.group(1)]}")
            found[match.group(1)] = place
    return found, faults


def cited(root):
    """Tag to the first place in src/ whose comment cites it."""
    found = {}
    for path in sorted((root / "src").rglob("*")):
        if path.suffix not in (".cpp", ".hpp"):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if not (comment := COMMENT.search(line)):
                continue
            tags = {tag for group in TAGS.findall(comment.group(1)) for tag in group.split(", ")}
            for letter, first, last in RANGE.findall(comment.group(1)):
                tags |= {f"{letter}{k}" for k in range(int(first), int(last) + 1)}
            for tag in tags:
                found.setdefault(tag, f"{path.relative_to(root).as_posix()}:{number}")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    root = parser.parse_args().root.resolve()
    on_pages, faults = stated(root)
    in_code = cited(root)
    faults += [f"{place}: cites ({tag}), which no page of docs/theory/ states"
               for tag, place in in_code.items() if tag not in on_pages]
    faults += [f"{place}: ({tag}) is cited nowhere in src/" for tag, place in on_pages.items() if tag not in in_code]
    if not on_pages:
        faults.append("docs/theory/: no equations found")
    for fault in faults:
        print(fault)
    print(f"equations: {len(on_pages)} stated, {len(in_code)} cited, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
