#!/usr/bin/env python3
"""Times Platen beside the common Python reader of EC-Lab's binary files, warm, in one run.

    bench/peers/mpr.py BENCH_MPR FILE...

BENCH_MPR is the program bench_mpr (cmake -DPLATEN_BENCH=ON); FILE an .mpr, or `built` for the million rows that bench_mpr reads.
The peer is galvani, if this Python can import it, in two ways: `open` only maps the rows, each with its own types and units, as one
array of records; `columns` takes every column out of it, as a user does who computes with them and as Platen always does. Each is
called until it has run for two seconds and at least three times; the median counts.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time


def platen_seconds(program: str, path: str) -> tuple[float, int]:
    """Seconds and rows of Platen: from opening the file to the record."""
    command = [program, "--benchmark_filter=^file", "--benchmark_format=json", "--benchmark_repetitions=3"]
    out = subprocess.run(command, env=os.environ | {"PLATEN_BENCH_FILE": path}, capture_output=True, text=True, check=True)
    runs = [b for b in json.loads(out.stdout)["benchmarks"] if b.get("aggregate_name") == "median"]
    if not runs:
        sys.exit(f"{program} could not read {path}: {out.stdout}")
    return runs[0]["real_time"] / 1e3, int(runs[0]["rows"])


def median_seconds(call) -> float:
    """Median of the warm calls."""
    call()
    times: list[float] = []
    while len(times) < 3 or sum(times) < 2.0:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def measure(program: str, path: str) -> None:
    ours, rows = platen_seconds(program, path)
    print(f"{path}: {rows} rows\n  {'Platen':<16} {ours * 1e3:10.3f} ms")
    try:
        import numpy
        from galvani import BioLogic
    except ImportError as fault:
        print(f"  galvani is not installed and left out ({fault})")
        return

    def columns():
        data = BioLogic.MPRfile(path).data
        return [numpy.ascontiguousarray(data[name]).astype(float) for name in data.dtype.names]

    for way, call in {"open": lambda: BioLogic.MPRfile(path), "columns": columns}.items():
        try:
            theirs = median_seconds(call)
        except Exception as fault:  # a peer may fail in any way
            print(f"  galvani, {way}: cannot read it: {type(fault).__name__}: {fault}")
            continue
        print(f"  {'galvani, ' + way:<16} {theirs * 1e3:10.3f} ms, {theirs / ours:.1f} times as long")


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    for path in sys.argv[2:]:
        if path != "built":
            measure(sys.argv[1], path)
            continue
        with tempfile.TemporaryDirectory() as folder:
            built = os.path.join(folder, "built.mpr")
            subprocess.run([sys.argv[1]], env=os.environ | {"PLATEN_BENCH_WRITE": built}, check=True)
            measure(sys.argv[1], built)


if __name__ == "__main__":
    main()
