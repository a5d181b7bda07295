#!/usr/bin/env python3
"""Times Platen beside the common Python readers of Neware files, warm, in one run.

    bench/peers/neware.py BENCH_NDAX FILE...

BENCH_NDAX is the program bench_ndax (cmake -DPLATEN_BENCH=ON); FILE an .ndax or .nda. Peers are those of NewareNDA and fastnda
that this Python can import; a peer that is missing, or cannot read a file, is named and left out. Each is called until it has run
for two seconds and at least three times; the median counts.
"""

import importlib
import json
import logging
import os
import statistics
import subprocess
import sys
import time

PEERS = ("NewareNDA", "fastnda")


def platen_seconds(program: str, path: str) -> tuple[float, int]:
    """Seconds and rows of Platen: from opening the file to the record."""
    command = [program, "--benchmark_filter=^file/", "--benchmark_format=json", "--benchmark_repetitions=3"]
    out = subprocess.run(command, env=os.environ | {"PLATEN_BENCH_FILE": path}, capture_output=True, text=True, check=True)
    runs = [b for b in json.loads(out.stdout)["benchmarks"] if b.get("aggregate_name") == "median"]
    if not runs:
        sys.exit(f"{program} could not read {path}: {out.stdout}")
    return runs[0]["real_time"] / 1e3, int(runs[0]["rows"])


def peer_seconds(read, path: str) -> float:
    """Median of the warm calls."""
    read(path)
    times: list[float] = []
    while len(times) < 3 or sum(times) < 2.0:
        start = time.perf_counter()
        read(path)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    logging.disable(logging.CRITICAL)
    readers = {}
    for name in PEERS:
        try:
            readers[name] = importlib.import_module(name).read
        except ImportError as fault:
            print(f"{name} is not installed and left out ({fault})")
    for path in sys.argv[2:]:
        ours, rows = platen_seconds(sys.argv[1], path)
        print(f"{path}: {rows} rows\n  {'Platen':<10} {ours * 1e3:10.2f} ms")
        for name, read in readers.items():
            try:
                theirs = peer_seconds(read, path)
            except Exception as fault:  # a peer may fail in any way
                print(f"  {name:<10} cannot read it ({type(fault).__name__}: {fault})")
                continue
            print(f"  {name:<10} {theirs * 1e3:10.2f} ms   {theirs / ours:.1f} times as long as Platen")


if __name__ == "__main__":
    main()
