#!/usr/bin/env bash
# Fuzzes the readers (fuzz/README.md). tools/fuzz.sh NAME EXECUTIONS [SEEDS...] | --short | --count
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/prepare.sh

fast=${PLATEN_FUZZ_FAST:-OFF}
folder=build-fuzz
flags="-O1 -g1"
if [[ $fast == ON ]]; then folder=build-fuzz-fast flags="-O2 -g1"; fi
log=fuzz/executions.csv
compiler=${PLATEN_FUZZ_COMPILER:-clang++-16}
short_runs=20000

# build_fuzzers NAME... (none: all)
build_fuzzers() {
  command -v "$compiler" >/dev/null || fail "$compiler is missing" "as root: apt-get install clang-16 libclang-rt-16-dev"
  configure "$folder" -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS="$flags" -DCMAKE_CXX_COMPILER="$compiler" -DPLATEN_FUZZ=ON \
    -DPLATEN_FUZZ_FAST="$fast"
  local -a targets=()
  for name in "$@"; do targets+=("fuzz_$name"); done
  if ((${#targets[@]} == 0)); then targets=(all); fi
  build "$folder" "${targets[@]}"
}

# run_fuzzer NAME EXECUTIONS SEED CORPUS... prints libFuzzer's words; a finding is left in FOLDER/findings
run_fuzzer() {
  local name=$1 runs=$2 seed=$3
  shift 3
  mkdir -p "$folder/findings"
  local -a words=()
  if [[ -e fuzz/$name.dict ]]; then words=(-dict="fuzz/$name.dict"); fi
  # With a large corpus most of the time goes into weighing its inputs against each other.
  if [[ $fast == ON ]]; then words+=(-entropic=0); fi
  "$folder/fuzz/fuzz_$name" -runs="$runs" -seed="$seed" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
    -artifact_prefix="$folder/findings/$name-" "${words[@]}" "$@"
}

names() { for f in fuzz/*.cpp; do basename "$f" .cpp; done; }

short() {
  build_fuzzers
  local name scratch
  for name in $(names); do
    scratch=$(mktemp -d)
    say "$name: $short_runs executions from the kept corpus"
    mkdir -p "fuzz/corpus/$name"
    # What is new goes to a scratch folder, so that the tree stays as it is. The seed is fixed: a failure can be run again.
    run_fuzzer "$name" "$short_runs" 1 "$scratch" "fuzz/corpus/$name" 2>&1 | tail -n 12 | grep -E 'Done|ERROR|SUMMARY|executed' || {
      rm -r "$scratch"
      fail "the fuzzer of $name found something: $folder/findings"
    }
    rm -r "$scratch"
  done
}

count() {
  awk -F, 'NR > 1 { runs[$1] += $4; findings[$1] += $6 } END { for (n in runs) printf "%-16s %12d executions, %d findings\n", n, runs[n], findings[n] }' "$log" | sort
}

# long NAME EXECUTIONS SEEDS...
long() {
  local name=$1 runs=$2
  shift 2
  build_fuzzers "$name"
  local corpus="$folder/corpus/$name" workers=${PLATEN_FUZZ_WORKERS:-$(nproc)} start=$SECONDS failed=0 k
  mkdir -p "$corpus" "fuzz/corpus/$name"
  local -a seeds=("fuzz/corpus/$name" "$@") jobs=()
  for ((k = 1; k <= workers; ++k)); do
    run_fuzzer "$name" $(((runs + workers - 1) / workers)) "$RANDOM" "$corpus" "${seeds[@]}" >"$folder/$name-$k.log" 2>&1 &
    jobs+=($!)
  done
  local code stopped=0
  for k in "${jobs[@]}"; do
    code=0
    wait "$k" || code=$?
    # 70, 71 and 77 are libFuzzer's for a timeout, too much memory and everything else it finds; a run that was stopped found nothing.
    case $code in
    0) ;;
    70 | 71 | 77) failed=$((failed + 1)) ;;
    *) stopped=$((stopped + 1)) ;;
    esac
  done
  local done_runs
  done_runs=$(cat "$folder/$name"-*.log | awk '/stat::number_of_executed_units/ { n += $2 } END { print n + 0 }')
  printf '%s,%s,%s,%s,%s,%s\n' "$name" "$(date -u +%F)" "$(git rev-parse --short=12 HEAD)" "$done_runs" $((SECONDS - start)) "$failed" >>"$log"
  tail -n 1 "$log"
  if ((stopped > 0)); then printf '%s of %s runs were stopped; what they did counts\n' "$stopped" "$workers" >&2; fi
  if ((failed > 0)); then fail "$failed of $workers runs ended with a finding" "the inputs: $folder/findings; the words: $folder/$name-*.log"; fi
}

case "${1:-}" in
--short) short ;;
--count) count ;;
"" | -*) fail "tools/fuzz.sh NAME EXECUTIONS [SEEDS...] | --short | --count" "names: $(names | tr '\n' ' ')" ;;
*) long "$@" ;;
esac
