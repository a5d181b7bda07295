#!/usr/bin/env python3
"""Times Platen beside the common Python readers of EC-Lab's binary files, warm, in one run.

    bench/peers/mpr.py BENCH_MPR PLATEN FILE...

BENCH_MPR is the program bench_mpr (cmake -DPLATEN_BENCH=ON), PLATEN the program platen; FILE an .mpr, or `built` for the million rows
that bench_mpr reads. The best of the runs counts, on both sides, so that a busy machine does not decide.

In memory, from the path to the columns:
  galvani, open     maps the rows, each with its own types and units, as one array of records and looks at none of them
  galvani, columns  takes every column out of that, as a user does who computes with them and as Platen always does
  yadg              to a dataset of variables with their uncertainties
  eclabfiles        to a table of pandas
A peer that this Python cannot import, or that refuses the file, is named and left out.

The floor is what no reader can be faster than that does what Platen does: the bytes read, then the longer of their checksum and of
moving their numbers into columns, which may run side by side.

As programs, from nothing to the answer: `platen inspect FILE` and `platen convert FILE --to csv` beside a Python that starts, opens
the file with galvani, and makes a table of pandas of it, or writes that as CSV.
"""

import importlib
import json
import logging
import os
import pathlib
import subprocess
import sys
import tempfile
import time


def bench_seconds(program: str, path: str) -> tuple[dict[str, float], int]:
    """The best seconds of each benchmark of a file, and its rows."""
    command = [program, "--benchmark_filter=^(file|floor)", "--benchmark_format=json", "--benchmark_repetitions=5", "--benchmark_min_time=0.2"]
    out = subprocess.run(command, env=os.environ | {"PLATEN_BENCH_FILE": path}, capture_output=True, text=True, check=True)
    best: dict[str, float] = {}
    rows = 0
    for run in json.loads(out.stdout)["benchmarks"]:
        if run.get("run_type") != "iteration" or run.get("error_occurred"):
            continue
        name = run["name"].split("/real_time")[0]
        best[name] = min(best.get(name, float("inf")), run["best_ms"] / 1e3)
        rows = int(run.get("rows", rows))
    if "file" not in best:
        sys.exit(f"{program} could not read {path}: {out.stdout}")
    return best, rows


def best_seconds(call, long_enough: float = 1.0) -> float:
    """The best of the warm calls: three, and as many as fit into that many seconds."""
    call()
    times: list[float] = []
    while len(times) < 3 or sum(times) < long_enough:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def readers() -> dict:
    """name: function of a path."""
    out = {}

    def add(name, build) -> None:
        try:
            out.update(build())
        except ImportError as fault:
            print(f"{name} is not installed and left out ({fault})")

    def galvani():
        import numpy
        from galvani import BioLogic

        def columns(path):
            data = BioLogic.MPRfile(path).data
            return [numpy.ascontiguousarray(data[name]).astype(float) for name in data.dtype.names]

        return {"galvani, open": BioLogic.MPRfile, "galvani, columns": columns}

    def yadg():
        reader = importlib.import_module("yadg.extractors.eclab.mpr")
        return {"yadg": lambda path: reader.extract(pathlib.Path(path), timezone="UTC")}

    add("galvani", galvani)
    add("yadg", yadg)
    add("eclabfiles", lambda: {"eclabfiles": importlib.import_module("eclabfiles").to_df})
    return out


def compare(name: str, theirs: float, ours: float) -> None:
    print(f"  {name:<26} {theirs * 1e3:10.3f} ms, {theirs / ours:6.1f} times as long", flush=True)


def in_memory(program: str, path: str, peers: dict) -> None:
    best, rows = bench_seconds(program, path)
    ours = best["file"]
    print(f"{path}: {rows} rows\n  {'Platen':<26} {ours * 1e3:10.3f} ms", flush=True)
    for name, read in peers.items():
        try:
            compare(name, best_seconds(lambda: read(path)), ours)
        except Exception as fault:  # a peer may fail in any way
            print(f"  {name}: cannot read it: {type(fault).__name__}: {str(fault)[:80]}")
    floor = best["floor/read"] + max(best["floor/checksum"], best.get("floor/columns", 0.0))
    parts = ", ".join(f"{part} {best[f'floor/{part}'] * 1e3:.3f} ms" for part in ("read", "checksum", "columns") if f"floor/{part}" in best)
    print(f"  {'floor':<26} {floor * 1e3:10.3f} ms; Platen takes {ours / floor:.2f} times that ({parts})")


TABLE = "import pandas, sys; from galvani import BioLogic; t = pandas.DataFrame(BioLogic.MPRfile(sys.argv[1]).data)"


def as_programs(platen: str, path: str, peers: dict) -> None:
    if "galvani, open" not in peers:
        return
    with tempfile.TemporaryDirectory() as folder:
        target = os.path.join(folder, "out.csv")

        def run(*command: str) -> float:
            return best_seconds(lambda: subprocess.run(command, check=True, capture_output=True))

        pairs = {
            "to look at it": ([platen, "inspect", path], [sys.executable, "-c", TABLE + "; print(t.describe())", path]),
            "to CSV": (
                [platen, "convert", path, "--to", "csv", "--output", target],
                [sys.executable, "-c", TABLE + "; t.to_csv(sys.argv[2], index=False)", path, target],
            ),
        }
        for name, (ours, theirs) in pairs.items():
            mine = run(*ours)
            print(f"  {'Platen ' + name:<26} {mine * 1e3:10.3f} ms as a program")
            compare("galvani " + name, run(*theirs), mine)


def main() -> None:
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    bench, platen = sys.argv[1:3]
    logging.disable(logging.CRITICAL)
    peers = readers()
    with tempfile.TemporaryDirectory() as folder:
        for path in sys.argv[3:]:
            if path == "built":
                path = os.path.join(folder, "built.mpr")
                subprocess.run([bench], env=os.environ | {"PLATEN_BENCH_WRITE": path}, check=True)
            in_memory(bench, path, peers)
            as_programs(platen, path, peers)


if __name__ == "__main__":
    main()
