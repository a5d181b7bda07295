#!/usr/bin/env python3
"""Platen beside the common Python package for impedance, impedance.py, on the same noisy spectra, in one run.

    python3 bench/peers/impedance_py.py [BUILD]          BUILD: the build folder, by default `build`

First what BUILD/bench/bench_impedance prints, when it was built (cmake -DPLATEN_BENCH=ON): fit, Kramers-Kronig test and relaxation
times alone. Then every spectrum by BUILD/platen as a whole program, start and reading included, and by impedance.py, when Python can
import it; when it cannot, that is said. impedance.py has no relaxation times.
"""

import cmath
import contextlib
import io
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile
import time
import warnings

warnings.filterwarnings("ignore")

# Circuit, truth: R0, then R, Q, n of each arc. The second one has five elements.
CASES = [
    ("R0-p(R1,CPE1)", [12, 340, 3e-7, 0.88]),
    ("R0-p(R1,CPE1)-p(R2,CPE2)", [12, 340, 3e-8, 0.92, 150, 2e-5, 0.8]),
    ("R0-p(R1,CPE1)-p(R2,CPE2)-p(R3,CPE3)", [5, 40, 1e-9, 0.95, 25, 1e-6, 0.85, 80, 3e-4, 0.8]),
]
FREQUENCIES = [10 ** (-2 + 9 * k / 79) for k in range(80)]


def spectrum(truth, stream):
    """80 points with noise of 0.5 % of the modulus."""
    out = []
    for f in FREQUENCIES:
        z = complex(truth[0])
        for R, Q, n in zip(truth[1::3], truth[2::3], truth[3::3]):
            z += 1 / (1 / R + Q * cmath.exp(n * cmath.log(2j * math.pi * f)))
        out.append(z + 0.005 * abs(z) * complex(stream.gauss(0, 1), stream.gauss(0, 1)))
    return out


def residual(model, z):
    return math.sqrt(sum(abs(a - b) ** 2 / abs(b) ** 2 for a, b in zip(model, z)) / len(z))


def line(name, seconds, rest):
    print(f"  {name:<42} {1e3 * seconds:9.1f} ms  {rest}")


def ours(program, circuit, path):
    for words, told in ((["eis", "fit", path, "--circuit", circuit], "the whole program, fit from 20 starts of its own"),
                        (["eis", "kk", path], "the whole program, two tests of the data"),
                        (["eis", "drt", path, "--samples", "0"], "the whole program, relaxation times")):
        start = time.perf_counter()
        said = subprocess.run([program, *words, "--json"], capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - start
        answer = json.loads(said.stdout)
        answer = answer.get("linear", answer)
        line("Platen, " + " ".join(words[:2]), seconds, f"residual {100 * answer['residual']:.3f} %, {told}")


def theirs(circuit, truth, z):
    import numpy as np
    from impedance.models.circuits import CustomCircuit
    from impedance.validation import linKK
    f, z = np.array(FREQUENCIES), np.array(z)
    for starts in (1, 20):  # the first as a careful user makes it, right within a factor of three; the others within ten
        stream, best, failed = random.Random(1), math.inf, 0
        start = time.perf_counter()
        for k in range(starts):
            reach = math.log(3 if k == 0 else 10)
            guess = [t if i > 0 and i % 3 == 0 else t * math.exp(stream.uniform(-reach, reach)) for i, t in enumerate(truth)]
            try:
                model = CustomCircuit(circuit, initial_guess=guess)
                model.fit(f, z, weight_by_modulus=True)
                best = min(best, residual(model.predict(f), z))
            except Exception:
                failed += 1
        line(f"impedance.py, fit from {starts} guess{'es' if starts > 1 else ''} near the truth", time.perf_counter() - start,
             f"residual {100 * best:.3f} %, {failed} failed")
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):  # it tells of its progress
        order = linKK(f, z, c=0.85, max_M=50, fit_type="complex")[0]
    line("impedance.py, linKK", time.perf_counter() - start, f"{order} elements")


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build")
    program, bench = build / "platen", build / "bench" / "bench_impedance"
    if bench.exists():
        print("Platen alone (bench_impedance):")
        sys.stdout.flush()
        subprocess.run([bench], check=True)
    else:
        print(f"{bench} is not built: cmake -DPLATEN_BENCH=ON")
    missing = None
    try:
        import impedance.validation  # noqa: F401
    except ImportError as fault:
        missing = fault
        print(f"\nimpedance.py is not installed here ({fault}): Platen alone. python3 -m pip install impedance")
    stream = random.Random(0)
    for circuit, truth in CASES:
        z = spectrum(truth, stream)
        print(f"\n{circuit}")
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write("freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\n")
            file.writelines(f"{f:.9e}\t{v.real:.9e}\t{-v.imag:.9e}\n" for f, v in zip(FREQUENCIES, z))
            file.flush()
            ours(program, circuit, file.name)
        if missing is None:
            theirs(circuit, truth, z)


if __name__ == "__main__":
    main()
