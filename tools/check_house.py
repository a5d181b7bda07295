#!/usr/bin/env python3
"""Holds the sources against the rules of docs/dev/house.md. Exit 0: kept; 1: broken, one line each."""

import argparse
import pathlib
import re
import sys
from dataclasses import dataclass, field

LINE_LIMIT = 600
# Names temporary files; the rule and its exception are in docs/dev/house.md.
MAY_KEEP_STATE = {"src/base/file.cpp"}
# POSIX; the C++ library's own headers have neither a dot nor a slash.
SYSTEM_HEADER = re.compile(r"^(unistd|signal|fcntl|poll|malloc|glob|sys/\w+)\.h$")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
ERROR_CODE = re.compile(r'"([CDSUB]\d{3})"')
PRINTS = re.compile(r"std::(?:cout|cerr|clog|puts|printf|fprintf|putchar)\b|\bfmt::print\b|(?<![\w.:>])(?:printf|fprintf|puts|putchar)\s*\(")
EXITS = re.compile(r"(?<![\w.>])(?:std::)?(?:exit|_exit|_Exit|quick_exit|abort|terminate)\s*\(")
STATE = re.compile(r"^\s*(?:inline\s+)?(?:static|thread_local)\b(?!.*\b(?:const|constexpr|constinit)\b)[^()]*[;={]")


@dataclass
class Room:
    name: str
    uses: list[str]
    headers: list[str]


@dataclass
class House:
    root: pathlib.Path
    rooms: dict[str, Room] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def fault(self, path, line, text):
        place = path.relative_to(self.root).as_posix() if isinstance(path, pathlib.Path) else path
        self.faults.append(f"{place}:{line}: {text}" if line else f"{place}: {text}")

    def may_use(self, name):
        """Every room `name` may include: itself, what it names, and whatever those may use."""
        seen, todo = set(), [name]
        while todo:
            room = todo.pop()
            if room not in seen:
                seen.add(room)
                todo += self.rooms[room].uses if room in self.rooms else []
        return seen


def read_table(house):
    page = house.root / "docs/dev/house.md"
    row = re.compile(r"^\| `(\w+)` \|[^|]*\|([^|]*)\|([^|]*)\|\s*$")
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if not (found := row.match(line)):
            continue
        name, uses, headers = found.groups()
        room = Room(name, re.findall(r"`([^`]+)`", uses), re.findall(r"`([^`]+)`", headers))
        for used in room.uses:
            if used not in house.rooms:
                house.fault(page, number, f"`{name}` uses `{used}`, which is not a room of a lower floor")
        house.rooms[name] = room
    if not house.rooms:
        house.fault(page, 0, "no table of rooms found")


def strip(text):
    """The code with comments and the contents of string literals blanked, line by line."""
    def blank(found):
        return re.sub(r"[^\n]", " ", found.group(0))
    token = r'R"(\w*)\((?:.|\n)*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*(?:.|\n)*?\*/'
    # A digit separator (1'000) is not a character literal.
    return re.sub(token, blank, re.sub(r"(?<=\d)'(?=\d)", " ", text))


def sources(house, folder):
    return sorted(p for p in (house.root / folder).rglob("*") if p.suffix in (".cpp", ".hpp"))


def check_rooms(house):
    on_disk = {p.name: p for p in sorted((house.root / "src").iterdir()) if p.is_dir()}
    for name, folder in on_disk.items():
        if name not in house.rooms:
            house.fault(folder, 0, "room is not in the table of docs/dev/house.md")
        if not any(p.suffix in (".cpp", ".hpp") for p in folder.rglob("*")):
            house.fault(folder, 0, "room is empty")
    for name in house.rooms.keys() - on_disk.keys():
        house.fault("docs/dev/house.md", 0, f"room `{name}` is in the table but not under src/")


def check_uses(house):
    """`USES` in CMake and the table say the same."""
    for room in house.rooms.values():
        cmake = house.root / "src" / room.name / "CMakeLists.txt"
        if not cmake.exists():
            continue
        called = re.search(r"platen_room\((\w+)([^)]*)\)", cmake.read_text())
        uses = re.search(r"\bUSES\s+((?:[a-z]\w*\s*)+)", called.group(2)) if called else None
        if (built := set(uses.group(1).split()) if uses else set()) != set(room.uses):
            house.fault(cmake, 0, f"USES {' '.join(sorted(built)) or 'nothing'}; "
                                  f"the table says {' '.join(sorted(room.uses)) or 'nothing'}")


def check_include(house, room, path, number, bracket, header):
    if bracket == '"':
        target = header.split("/")[0]
        if "/" not in header:
            if not header.startswith("platen_version"):  # generated
                house.fault(path, number, f'include "{header}" as "<room>/{header}"')
        elif target not in house.may_use(room):
            house.fault(path, number, f"`{room}` may not use `{target}` (\"{header}\")")
        return
    if re.fullmatch(r"\w+", header) or SYSTEM_HEADER.match(header):
        return
    owners = [r.name for r in house.rooms.values()
              if any(header == own or own.endswith("/") and header.startswith(own) for own in r.headers)]
    everywhere = header.startswith("fmt/")
    if not everywhere and room not in owners:
        house.fault(path, number, f"<{header}> belongs to {' '.join(owners) or 'no room of the table'}, not to `{room}`")
    elif path.suffix != ".cpp":
        house.fault(path, number, f"<{header}> in a header; third-party headers stay in .cpp files")


def check_sources(house):
    for path in sources(house, "src"):
        room = path.relative_to(house.root / "src").parts[0]
        text = path.read_text()
        for number, line in enumerate(text.splitlines(), 1):
            if found := INCLUDE.match(line):
                check_include(house, room, path, number, *found.groups())
        if room == "cli":
            continue
        for number, line in enumerate(strip(text).splitlines(), 1):
            if PRINTS.search(line):
                house.fault(path, number, "prints; only cli may")
            if EXITS.search(line):
                house.fault(path, number, "ends the program; only cli may")
            if STATE.match(line) and path.relative_to(house.root).as_posix() not in MAY_KEEP_STATE:
                house.fault(path, number, "mutable state that outlives the call; only cli may")


def check_codes(house):
    used = {}
    for path in sources(house, "src"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for code in ERROR_CODE.findall(line):
                used.setdefault(code, (path, number))
    page = house.root / "docs/errors.md"
    listed, section, last = {}, None, ""
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if heading := re.match(r"^## .*\((\w)\)$", line):
            section, last = heading.group(1), ""
        elif row := re.match(r"^\| `?([CDSUB]\d{3})`? \|", line):
            code = row.group(1)
            if code in listed:
                house.fault(page, number, f"{code} is listed twice, first in line {listed[code]}")
            if code[0] != section:
                house.fault(page, number, f"{code} stands under ({section})")
            if code < last:
                house.fault(page, number, f"{code} after {last}: rows are sorted by code")
            listed[code], last = number, code
            if code not in used:
                house.fault(page, number, f"{code} is used nowhere in src/")
    for code in sorted(used.keys() - listed.keys()):
        house.fault(*used[code], f"{code} has no row in docs/errors.md")


def check_lengths(house):
    for folder in ("src", "tests", "bench", "tools"):
        for path in sorted((house.root / folder).rglob("*")):
            if path.suffix in (".cpp", ".hpp", ".py", ".sh"):
                lines = path.read_text().count("\n")
                if lines > LINE_LIMIT:
                    house.fault(path, 0, f"{lines} lines; a file has one subject and at most {LINE_LIMIT}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", nargs="?", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    house = House(parser.parse_args().root.resolve())
    read_table(house)
    for check in (check_rooms, check_uses, check_sources, check_codes, check_lengths):
        check(house)
    for fault in house.faults:
        print(fault)
    print(f"house: {len(house.rooms)} rooms, {len(house.faults)} faults")
    return 1 if house.faults else 0


if __name__ == "__main__":
    sys.exit(main())
