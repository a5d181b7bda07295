#!/usr/bin/env bash
# Writes everything that is made by the program itself: the example records, the README's picture, the help page and the
# transcripts. To be run after the laws, the parameter set, the judgement or a text of the program changed.
#   tools/refresh.sh [PROGRAM]      default: build/platen
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
platen=${1:-build/platen}
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

tools/make_examples.sh "$platen"
"$platen" simulate studies/ham2022/hold-*.toml --output "$work" --targets --report "$work/holds.html"
tools/picture.py "$work/holds.html" "Critical current density against contact hold time" docs/pictures/ccd-against-hold.svg
tools/command_line_doc.py "$platen"
tools/transcripts.py "$platen" --write
