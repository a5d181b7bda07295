#!/usr/bin/env python3
"""Fits and tests the same noisy spectra with impedance.py (when it can be imported) and with Platen, and prints times and residuals.

    python3 bench/peers/impedance_py.py build/platen

Platen's times are those of the whole program, file reading included; bench/impedance.cpp has those of the fit alone.
"""

import contextlib
import io
import json
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")

# Circuit, truth, and a guess as a user reads it off the plot: right within a factor of three.
CASES = [
    ("R0-p(R1,CPE1)", [12, 340, 3e-7, 0.88]),
    ("R0-p(R1,CPE1)-p(R2,CPE2)", [12, 340, 3e-8, 0.92, 150, 2e-5, 0.8]),
    ("R0-p(R1,CPE1)-p(R2,CPE2)-p(R3,CPE3)", [5, 40, 1e-9, 0.95, 25, 1e-6, 0.85, 80, 3e-4, 0.8]),
]


def impedance(p, f):
    w = 2j * np.pi * f
    z = np.full(f.shape, p[0], complex)
    for k in range(1, len(p), 3):
        z += 1 / (1 / p[k] + p[k + 1] * w ** p[k + 2])
    return z


def ours(program, circuit, path):
    start = time.perf_counter()
    said = subprocess.run([program, "eis", "fit", path, "--circuit", circuit, "--json"], capture_output=True, text=True, check=True)
    return time.perf_counter() - start, json.loads(said.stdout)["residual"]


def theirs(circuit, truth, f, z, starts):
    """Best residual of `starts` guesses; the first as a careful user makes it, the others drawn."""
    from impedance.models.circuits import CustomCircuit
    random, best, failed = np.random.default_rng(1), np.inf, 0
    start = time.perf_counter()
    for k in range(starts):
        factor = np.exp(random.uniform(-1, 1, len(truth)) * np.log(3.0 if k == 0 else 10.0))
        guess = [t if 0.5 < t <= 1 and n else t * g for t, g, n in zip(truth, factor, [i % 3 == 0 and i > 0 for i in range(len(truth))])]
        try:
            model = CustomCircuit(circuit, initial_guess=guess)
            model.fit(f, z, weight_by_modulus=True)
            off = model.predict(f) - z
            best = min(best, np.sqrt(np.mean(np.abs(off) ** 2 / np.abs(z) ** 2)))
        except Exception:
            failed += 1
    return time.perf_counter() - start, best, failed


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "build/platen"
    try:
        from impedance.validation import linKK
    except ImportError:
        linKK = None
        print("impedance.py cannot be imported: Platen alone")
    random = np.random.default_rng(0)
    f = np.logspace(-2, 7, 80)
    for circuit, truth in CASES:
        z = impedance(truth, f)
        z = z + 0.005 * np.abs(z) * (random.normal(size=80) + 1j * random.normal(size=80))
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write("freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\n")
            file.writelines(f"{a:.9e}\t{b.real:.9e}\t{-b.imag:.9e}\n" for a, b in zip(f, z))
            file.flush()
            seconds, residual = ours(program, circuit, file.name)
        print(f"{circuit}\n  Platen, 20 automatic starts      {1e3 * seconds:9.1f} ms  residual {100 * residual:.3f} %")
        if linKK is None:
            continue
        for starts in (1, 20):
            seconds, residual, failed = theirs(circuit, truth, f, z, starts)
            print(f"  impedance.py, {starts:2} guess{'es' if starts > 1 else '  '} near the truth {1e3 * seconds:7.1f} ms  residual {100 * residual:.3f} %, {failed} failed")
        start = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):  # it tells of its progress
            order = linKK(f, z, c=0.85, max_M=50, fit_type="complex")[0]
        print(f"  impedance.py, linKK              {1e3 * (time.perf_counter() - start):9.1f} ms  {order} elements")


if __name__ == "__main__":
    main()
