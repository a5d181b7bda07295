#!/usr/bin/env bash
# Writes the records of examples/ again: three simulated cells, seen through a typical cycler and load cell.
#   tools/make_examples.sh [PROGRAM]      default: build/platen
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
platen=${1:-build/platen}

for name in healthy shorted fake-stable; do
  "$platen" simulate "studies/examples/$name.toml" --instrument --output "examples/$name.csv"
done
"$platen" assess examples/*.csv
