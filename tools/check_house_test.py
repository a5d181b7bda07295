#!/usr/bin/env python3
"""Breaks every rule of the house once, in a small tree of its own, and expects check_house.py to say so."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).resolve().parent / "check_house.py"

HOUSE = """
| room | what lives there | may use | own headers |
|---|---|---|---|
| `base` | errors | | |
| `record` | columns | `base` | `hdf5.h` |
| `cli` | verbs | `record` | `CLI/` |
"""
ERRORS = """
## Study (C)

| code | meaning |
|---|---|
| C001 | one |

## Data (D)

| code | meaning |
|---|---|
| D001 | two |
"""
# A house in order; it also holds what looks like a fault and is none.
KEPT = {
    "docs/dev/house.md": HOUSE,
    "docs/errors.md": ERRORS,
    "src/base/CMakeLists.txt": "platen_room(base)\n",
    "src/base/error.hpp": '#pragma once\n#include <vector>\n#include <sys/stat.h>\n',
    "src/base/error.cpp": '#include "base/error.hpp"\n#include <fmt/format.h>\n'
                          'static const int one = 1\'000; // std::cout << 1\n'
                          'static int call(int);\n'
                          'auto text = "printf(exit(1))"; auto code = "C001";\n'
                          'int n = snprintf(b, 1, ""); file.exit(); /* abort() */\n',
    "src/record/CMakeLists.txt": "platen_room(record USES base PRIVATE HDF5)\n",
    "src/record/io.cpp": '#include "base/error.hpp"\n#include <hdf5.h>\nauto code = "D001";\n',
    "src/cli/CMakeLists.txt": "platen_room(cli USES record)\n",
    "src/cli/main.cpp": '#include "base/error.hpp"\n#include <CLI/CLI.hpp>\nint main() { printf("x"); exit(1); }\n',
}


class House(unittest.TestCase):
    def check(self, changes=None, removed=()):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in {**KEPT, **(changes or {})}.items():
                if name not in removed:
                    (root / name).parent.mkdir(parents=True, exist_ok=True)
                    (root / name).write_text(text)
            done = subprocess.run([sys.executable, CHECK, root], capture_output=True, text=True, check=False)
            self.assertEqual(done.stderr, "")
            return done

    def refuses(self, expected, changes=None, removed=()):
        """Exactly one fault, the expected one."""
        done = self.check(changes, removed)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertEqual(len(done.stdout.splitlines()), 2, done.stdout)
        self.assertIn(expected, done.stdout)

    def appended(self, name, text):
        return {name: KEPT[name] + text}

    def test_a_house_in_order_is_kept(self):
        done = self.check()
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(done.stdout, "house: 3 rooms, 0 faults\n")

    def test_arrow_upwards(self):
        self.refuses("src/base/error.cpp:7: `base` may not use `record`",
                     self.appended("src/base/error.cpp", '#include "record/io.hpp"\n'))

    def test_include_without_room(self):
        self.refuses('src/record/io.cpp:4: include "io.hpp" as "<room>/io.hpp"',
                     self.appended("src/record/io.cpp", '#include "io.hpp"\n'))

    def test_foreign_header_in_another_room(self):
        self.refuses("src/base/error.cpp:7: <hdf5.h> belongs to record, not to `base`",
                     self.appended("src/base/error.cpp", "#include <hdf5.h>\n"))

    def test_foreign_header_of_nobody(self):
        self.refuses("<boost/any.hpp> belongs to no room of the table",
                     self.appended("src/record/io.cpp", "#include <boost/any.hpp>\n"))

    def test_foreign_header_in_a_header(self):
        self.refuses("src/record/io.hpp:1: <hdf5.h> in a header", {"src/record/io.hpp": "#include <hdf5.h>\n"})

    def test_fmt_in_a_header(self):
        self.refuses("<fmt/format.h> in a header", self.appended("src/base/error.hpp", "#include <fmt/format.h>\n"))

    def test_printing(self):
        for line in ('std::cerr << 1;', 'printf("x");', 'fmt::print("x");', 'std::fprintf(stderr, "x");'):
            self.refuses("src/record/io.cpp:4: prints", self.appended("src/record/io.cpp", line + "\n"))

    def test_ending_the_program(self):
        for line in ("exit(1);", "std::abort();", "_exit(2);"):
            self.refuses("src/record/io.cpp:4: ends the program", self.appended("src/record/io.cpp", line + "\n"))

    def test_state(self):
        for line in ("static int counter = 0;", "  static std::mutex guard;", "thread_local Cache cache{};"):
            self.refuses("src/record/io.cpp:4: mutable state", self.appended("src/record/io.cpp", line + "\n"))

    def test_code_without_a_row(self):
        self.refuses("src/record/io.cpp:4: D002 has no row", self.appended("src/record/io.cpp", 'f("D002");\n'))

    def test_row_without_a_use(self):
        self.refuses("D002 is used nowhere", self.appended("docs/errors.md", "| D002 | three |\n"))

    def test_row_twice(self):
        self.refuses("D001 is listed twice", self.appended("docs/errors.md", "| D001 | again |\n"))

    def test_row_out_of_order(self):
        self.refuses("D001 after D002: rows are sorted",
                     {"docs/errors.md": ERRORS.replace("| D001", "| D002 | three |\n| D001"),
                      **self.appended("src/record/io.cpp", 'f("D002");\n')})

    def test_row_under_another_letter(self):
        self.refuses("D002 stands under (C)",
                     {"docs/errors.md": ERRORS.replace("| C001 | one |\n", "| C001 | one |\n| D002 | three |\n"),
                      **self.appended("src/record/io.cpp", 'f("D002");\n')})

    def test_long_file(self):
        self.refuses("src/record/io.cpp: 603 lines", self.appended("src/record/io.cpp", "\n" * 600))

    def test_room_not_in_the_table(self):
        self.refuses("src/plot: room is not in the table", {"src/plot/plot.hpp": "#pragma once\n"})

    def test_empty_room(self):
        self.refuses("src/record: room is empty", {"docs/errors.md": ERRORS.replace("| D001 | two |\n", "")},
                     removed=("src/record/io.cpp",))

    def test_room_that_is_gone(self):
        self.refuses("room `plot` is in the table but not under src/",
                     {"docs/dev/house.md": HOUSE + "| `plot` | curves | `cli` | |\n"})

    def test_table_upside_down(self):
        self.refuses("`base` uses `record`, which is not a room of a lower floor",
                     {"docs/dev/house.md": HOUSE.replace("| errors | |", "| errors | `record` |"),
                      "src/base/CMakeLists.txt": "platen_room(base USES record)\n"})

    def test_cmake_against_the_table(self):
        self.refuses("src/cli/CMakeLists.txt: USES base record; the table says record",
                     {"src/cli/CMakeLists.txt": "platen_room(cli USES record base)\n"})


if __name__ == "__main__":
    unittest.main()
