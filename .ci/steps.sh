# The steps of .ci/run. Sourced by it: $work is a folder for files of this run, $store one for unpacked tsharks.
# shellcheck shell=bash disable=SC2154

readonly CAPTURE=samples/websocket/captures/gorilla-echo-chromium.pcapng
# Frames in that capture, by two decoders that are not ours (samples/websocket/captures/README.md).
readonly CAPTURE_FRAMES=51
# Seconds that `npm start` should take once installed. A busy machine is slower, so more is only remarked on, up to a
# time at which something hangs.
readonly DEMO_SECONDS=20
readonly DEMO_PATIENCE=180
# An unprivileged user and group: Wireshark 4.4 and later silently load no Lua as root, nor with group 0.
readonly NOBODY=65534

failed=()
# What was left out, and what is worth knowing besides.
notes=()
remarks=()

# run TITLE COMMAND...: with a heading before and the time after.
run() {
  local title=$1 start=$SECONDS status=0
  shift
  printf '\n== %s\n' "$title"
  "$@" </dev/null || status=$?
  if [ $status = 0 ]; then echo "-- ok: $title ($((SECONDS - start)) s)"; else echo "-- FAILED ($status): $title ($((SECONDS - start)) s)"; fi
  return $status
}

# A check: its failure fails the run, and the other checks still run.
step() { run "$@" || failed+=("$1"); }

# What everything after it needs.
must() {
  run "$@" && return
  echo "Cannot go on without: $1"
  exit 1
}

# What may be missing, and is then said.
try() { run "$@" || notes+=("left out: $1"); }

retry() {
  local attempt
  for attempt in 1 2 3; do
    "$@" && return
    echo "attempt $attempt of 3 failed: $*" >&2
    sleep 5
  done
  return 1
}

install_packages() {
  local packages=(
    git tshark lua5.2 lua5.4 lua-check
    golang-go golang-github-gorilla-websocket-dev # builds samples/websocket/gorilla-echo
  )
  if [ "$(id -u)" != 0 ]; then
    echo "not root: taking what is installed of: ${packages[*]}"
    return
  fi
  apt_install "${packages[@]}" >"$work/apt.log" 2>&1 && return
  tail -n 20 "$work/apt.log"
  return 1
}

apt_install() {
  retry apt-get -qq update && retry apt-get -qq install --yes --no-install-recommends "$@"
}

# unpack VERSION SUITE
unpack() {
  local wrapper
  wrapper=$(retry timeout 300 tools/unpack-tshark "$2" "$store/tshark-$2" 2>"$work/unpack.log") || {
    tail -n 20 "$work/unpack.log"
    return 1
  }
  version_is "$1" "$wrapper" && tsharks+=("$wrapper")
}

# version_is VERSION TSHARK: what a tshark says of itself must be the version it stands for.
version_is() {
  local line
  line=$("$2" --version 2>/dev/null | head -n 1)
  echo "$line"
  [[ $line == *" $1."* ]]
}

tsharks=()

# The one that Debian 12 installs comes first.
list_engines() {
  local installed
  installed=$(command -v tshark) || return 1
  version_is 4.0 "$installed" || return 1
  tsharks=("$installed" "${tsharks[@]}")
  WIRETWIN_TSHARK=$(IFS=:; echo "${tsharks[*]}")
  export WIRETWIN_TSHARK WIRETWIN_REQUIRE_TSHARK=1
  printf 'engine: %s\n' "${tsharks[@]}"
  lua5.2 -v && lua5.4 -v && node --version && go version
}

note_shared() {
  if [ -d "${WIRETWIN_SHARED:-../shared}" ]; then return; fi
  notes+=('left out: tests on the reference captures (no ../shared)')
}

wiretwin() { node bin/wiretwin.mjs "$@"; }

plugins_are_current() {
  wiretwin generate samples/*/*.ksy -o plugin-out || return
  git diff --exit-code -- plugin-out || return
  local untracked
  untracked=$(git ls-files --others --exclude-standard -- plugin-out)
  [ -z "$untracked" ] || { echo "not committed: $untracked"; return 1; }
}

check_plugins() {
  local tshark options=()
  for tshark in "${tsharks[@]}"; do options+=(--tshark "$tshark"); done
  wiretwin generate --check samples/*/*.ksy -o "$work/plugins" "${options[@]}" &&
    wiretwin generate --check samples/*/*.ksy -o "$work/plugins" --engine embedded
}

run_tests() {
  npx vitest run --reporter=default --reporter=json --outputFile.json="$1"
}

# demo OUTPUT [NAME=VALUE...]: `npm start` as a newcomer has it, timed, and what it must say looked for.
demo() {
  local output=$1 start=$SECONDS
  shift
  env -u WIRETWIN_TSHARK -u WIRETWIN_REQUIRE_TSHARK "$@" timeout $DEMO_PATIENCE npm start --silent >"$output" 2>&1 || {
    cat "$output"
    return 1
  }
  cat "$output"
  local took=$((SECONDS - start))
  [ $took -le $DEMO_SECONDS ] || remarks+=("npm start took $took s, more than the $DEMO_SECONDS s it should")
  says_verdict "$output" || { echo 'that is not the verdict of this capture'; return 1; }
}

says_verdict() {
  grep -q '"wer"' "$1" &&
    grep -qE "([0-9]+) of \\1 fields of $CAPTURE_FRAMES frames agree, 0 differences" "$1" &&
    grep -q '^PASS .* 4 connections' "$1"
}

# A PATH as on a machine that has Node and no Wireshark.
demo_without_tshark() {
  local bare=$work/bare name
  mkdir -p "$bare"
  for name in node npm npx sh env timeout; do ln -sf "$(command -v "$name")" "$bare/$name"; done
  ! PATH=$bare command -v tshark && demo "$work/demo-without" "PATH=$bare"
}

demo_with_tshark() { demo "$work/demo-with"; }

# Runs a tshark as somebody else when we are root.
as_nobody() {
  local drop=()
  if [ "$(id -u)" = 0 ]; then drop=(setpriv "--reuid=$NOBODY" "--regid=$NOBODY" --clear-groups); fi
  env HOME="$work/home" "${drop[@]}" "$@"
}

# The user's own command, on each version and in each shape of its JSON.
check_pipes() {
  local tshark flags result=0
  mkdir -p "$work/home"
  # Copies: the clone may lie where nobody else may read.
  install -m 644 "$CAPTURE" "$work/capture.pcapng"
  install -m 644 plugin-out/websocket.lua "$work/websocket.lua"
  for tshark in "${tsharks[@]}"; do
    for flags in '' '-x' '--no-duplicate-keys' '-x --no-duplicate-keys'; do
      check_pipe "$tshark" plugin "-X lua_script:$work/websocket.lua $flags" || result=1
    done
    check_pipe "$tshark" builtin '' || result=1
  done
  return $result
}

# check_pipe TSHARK AGAINST FLAGS: FLAGS are words, so they are not quoted.
check_pipe() {
  local status=0
  # shellcheck disable=SC2086
  as_nobody "$1" -r "$work/capture.pcapng" -T json $3 2>"$work/tshark.err" |
    node bin/analyze.mjs --format json >"$work/report.json" || status=$?
  echo "$1 $3: exit $status"
  node .ci/check-report.mjs "$work/report.json" "$status" "$2" "$CAPTURE_FRAMES" || { cat "$work/tshark.err"; return 1; }
}

tree_is_clean() {
  local changes
  changes=$(git status --porcelain)
  [ -z "$changes" ] || { echo "$changes"; return 1; }
}

# close RESULTS: what failed, what was left out, and the runner's count as the last line.
close() {
  local name status=0
  printf '\n'
  for name in "${notes[@]}" "${remarks[@]}"; do echo "$name"; done
  for name in "${failed[@]}"; do echo "failed: $name"; done
  echo "took $((SECONDS / 60)) min $((SECONDS % 60)) s"
  node .ci/count-tests.mjs "$1" "${notes[@]}" || status=1
  [ ${#failed[@]} = 0 ] && [ $status = 0 ]
}
