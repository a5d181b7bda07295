#!/usr/bin/env bash
# Writes the records of examples/ again: three simulated cells, seen through a typical cycler and load cell, and the CCDs of two groups.
#   tools/make_examples.sh [PROGRAM]      default: build/platen
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
platen=${1:-build/platen}

for name in healthy shorted fake-stable; do
  "$platen" simulate "studies/examples/$name.toml" --instrument --output "examples/$name.csv"
done
for name in my-cell my-cell-5min; do
  "$platen" simulate "studies/examples/$name.toml" --instrument --output "examples/calibrate/$name.csv"
done
"$platen" assess examples/*.csv

# Eight cells each after contact holds of 1 and 30 min, with the scatter of the parameter set.
platen=$(realpath "$platen")
studies=$(realpath studies/ham2022)
table=$(realpath examples)/groups/holds.csv
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cd "$work"
for seed in 1 2 3 4 5 6 7 8; do
  "$platen" simulate "$studies/hold-1min.toml" --seed "$seed" --output "hold-1min-$seed.h5" > /dev/null
  "$platen" simulate "$studies/hold-30min.toml" --seed "$((seed + 8))" --output "hold-30min-$((seed + 8)).h5" > /dev/null
done
"$platen" compare hold-*.h5 --by hold_time --csv "$table" > /dev/null
