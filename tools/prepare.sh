# shellcheck shell=bash
# Common preparation of ./run and ./test: packages, configuration, build. Sourced, never run.
# Expects `set -euo pipefail` and the project's root as working folder.

packages=(
  g++ cmake ninja-build git ca-certificates python3 pkg-config
  libfmt-dev libcli11-dev              # text, command line
  libssl-dev                           # checksums
  libtomlplusplus-dev                  # study, cell and card files
  libhdf5-dev                          # records
  libpugixml-dev libdeflate-dev zlib1g-dev # instruments' files
  libxlsxwriter-dev                    # workbooks
  libhowardhinnant-date-dev tzdata     # wall clocks of load-cell logs
  libsqlite3-dev                       # the library of cells
  libsundials-dev                      # the solver
  libopenmpi-dev openmpi-bin           # campaigns on many computers
  nlohmann-json3-dev                   # --json
  libgtest-dev libgmock-dev libbenchmark-dev
)

say() { printf '\n== %s\n' "$*"; }

# fail MESSAGE HINT...
fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  if (($# > 0)); then printf 'hint: %s\n' "$@" >&2; fi
  exit 2
}

missing_packages() {
  local package
  for package in "${packages[@]}"; do
    if ! dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed; then
      printf '%s\n' "$package"
    fi
  done
}

# install_packages NAME...
install_packages() {
  local command="apt-get update && apt-get install -y --no-install-recommends $*"
  local -a as_root
  if (($(id -u) == 0)); then
    as_root=(env)
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n env)
  else
    fail "these packages are missing and this user may not install them: $*" \
      "as root: $command" "then start this command again"
  fi
  say "Installing with apt-get (some minutes; its log is build/apt.log)"
  local log=build/apt.log
  mkdir -p build
  as_root+=(DEBIAN_FRONTEND=noninteractive)
  # Without Error-Mode=any a failed download of the lists counts as success.
  if ! "${as_root[@]}" apt-get update -o APT::Update::Error-Mode=any -o Acquire::Retries=3 </dev/null >"$log" 2>&1; then
    tail -n 3 "$log" >&2
    printf 'warning: apt-get update failed (no network, a proxy, or a bad entry under /etc/apt); %s\n' \
      "trying with the package lists that are here" >&2
  fi
  if ! "${as_root[@]}" apt-get install -y --no-install-recommends -o Acquire::Retries=3 "$@" </dev/null >>"$log" 2>&1; then
    tail -n 5 "$log" >&2
    fail "apt-get could not install: $*" \
      "its last words are above, all of them in $log; when it cannot find a package, the lists are old or the network is missing" \
      "once that is mended, as root: $command"
  fi
}

prepare_packages() {
  say "Platen needs a Debian 12 system with: ${packages[*]}"
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "This is not a Debian system: taking it that these are installed under whatever name they have here."
    return
  fi
  local -a missing
  mapfile -t missing < <(missing_packages)
  if ((${#missing[@]} == 0)); then
    echo "All of them are installed."
  else
    echo "Missing: ${missing[*]}"
    install_packages "${missing[@]}"
  fi
}

# configure FOLDER CMAKE-ARGUMENT...
configure() {
  local folder=$1 log=$1/configure.log
  shift
  mkdir -p "$folder"
  if ! cmake -S . -B "$folder" -G Ninja "$@" >"$log" 2>&1; then
    cat "$log" >&2
    fail "cmake could not configure $folder (its messages are above)" \
      "after moving the project: rm -r $folder, then start this command again"
  fi
}

# build FOLDER TARGET...
build() {
  local folder=$1
  shift
  cmake --build "$folder" --parallel "$(nproc)" --target "$@"
}
