# One run builds at a time; others wait for it. The lock is a file that appears with its contents
# (a hard link), naming its holder so that one left behind by a killed run is recognised.
# shellcheck shell=sh disable=SC2034,SC2154

lock=$engines/.lock

# A process by its pid, the boot and its start time: what a reused pid cannot pass for.
identity() {
  if [ -r "/proc/$1/stat" ]; then
    printf '%s %s %s\n' "$1" "$(cat /proc/sys/kernel/random/boot_id)" \
      "$(sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 20)"
  else
    printf '%s %s\n' "$1" "$(ps -o lstart= -p "$1" 2>/dev/null)"
  fi
}

take_lock() {
  told='' tries=0
  until identity $$ >"$lock.$$" && ln "$lock.$$" "$lock" 2>/dev/null; do
    holder=$(cat "$lock" 2>/dev/null)
    if [ -z "$holder" ]; then
      tries=$((tries + 1))
      [ "$tries" -lt 5 ] || { rm -f "$lock.$$"; say "cannot make the lock $lock"; exit 1; }
    elif [ "$(identity "${holder%% *}")" != "$holder" ]; then
      steal_lock "$holder"
      continue
    elif [ -z "$told" ]; then
      told=yes
      say "another run (process ${holder%% *}) is at work, waiting for it"
    fi
    sleep 1
  done
  trap 'rm -f "$lock"' EXIT
  rm -f "$lock".[0-9]*
}

# Moves a dead run's lock away; when it was another's by then, that one gets it back.
steal_lock() {
  mv "$lock" "$lock.$$.stale" 2>/dev/null || return 0
  [ "$(cat "$lock.$$.stale")" = "$1" ] || ln "$lock.$$.stale" "$lock"
  rm -f "$lock.$$.stale"
}
