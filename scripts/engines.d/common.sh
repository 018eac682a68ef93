# Folders, messages, child processes and version numbers, for everything in this folder.
# shellcheck shell=sh disable=SC2034,SC2154

engines=${GUESTKIT_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/guestkit}/engines
case $engines in /*) ;; *) engines=$PWD/$engines ;; esac
bin=$engines/bin
logs=$engines/log
trees=$engines/.build   # where engines are built: kept when killed, removed after success

# What was provided by an earlier version of a recipe must not count as being on PATH.
PATH=$(printf '%s\n' "$PATH" | tr ':' '\n' | grep -Fvx -e "$bin" | paste -sd: -)

# Asking a program for its version shall not use the network.
export CHECKPOINT_DISABLE=1 PULUMI_SKIP_UPDATE_CHECK=true

say() { printf 'engines: %s\n' "$*" >&2; }
now() { date +%s; }

# The time since a moment, as "8 s" or "3 min 5 s".
elapsed() {
  seconds=$(($(now) - $1))
  if [ "$seconds" -lt 60 ]; then
    printf '%s s' "$seconds"
  else
    printf '%s min %s s' $((seconds / 60)) $((seconds % 60))
  fi
}

begin() {
  say "$*"
  began=$(now)
}

summary='engine      version   where\n'
summarize() { summary="$summary$(printf '%-11s %-9s %s' "$name" "$1" "$2")\\n"; }

# at_least 1.12.6 1.11: whether the first version is the second one or newer.
at_least() {
  awk -v have="$1" -v want="$2" 'BEGIN {
    split(have, h, /[.-]/)
    n = split(want, w, /[.-]/)
    for (i = 1; i <= n; i++) if (h[i] + 0 != w[i] + 0) exit !(h[i] + 0 > w[i] + 0)
  }'
}

# Where the kernel can do it, children die with this script, even by kill -9.
guard=''
if setpriv --pdeathsig KILL true 2>/dev/null; then guard='setpriv --pdeathsig KILL'; fi

# run "what is done" COMMAND...: one step of a build. The command's output goes to the log, whose
# name and end are shown when it fails. It runs in the background, so that a signal to this script
# is acted upon at once.
run() {
  step=$1
  shift
  say "  $step"
  since=$(now)
  # shellcheck disable=SC2086
  $guard nice -n 5 "$@" >>"$log" 2>&1 </dev/null &
  child=$!
  if wait "$child"; then
    child=''
    say "  $step: done in $(elapsed "$since")"
    return 0
  fi
  child=''
  tail -n 5 "$log" >&2
  why="$step failed, see $log"
  return 1
}

child=''
stop() {
  [ -z "$child" ] || kill "$child" 2>/dev/null
  say 'stopped; the next run goes on from here'
  exit "$1"
}
trap 'stop 130' INT
trap 'stop 143' TERM HUP
