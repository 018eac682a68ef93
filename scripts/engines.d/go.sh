# Building a program from the Go module proxy.
# shellcheck shell=sh disable=SC2034,SC2154

go_minimum=1.26

# Sets $go, or says what to install.
find_go() {
  seen=''
  for go in go /usr/local/go/bin/go; do
    have=$(GOTOOLCHAIN=local "$go" env GOVERSION 2>/dev/null) || continue
    at_least "${have#go}" "$go_minimum" && return 0
    seen="; found ${have#go}"
  done
  why="needs Go $go_minimum or newer$seen: unpack the Go project's own archive to /usr/local/go"
  why="$why (Debian 12's golang package is 1.19, too old)"
  return 1
}

# go_program PROGRAM DIR LDFLAGS REPLACEMENT PACKAGE MODULE@VERSION...
# Downloads into, and compiles in, caches of its own below $tree: Go's caches survive a kill, so the
# next run goes on with them, and they (gigabytes, for Pulumi) are gone after success.
go_program() {
  program=$1 dir=$2 flags=$3 replacement=$4 package=$5
  shift 5
  module=$tree/module-$program
  discard "$module"
  discard "$tree/tmp"
  mkdir -p "$module" "$tree/tmp" "$tree/go-mod" "$tree/go-build"
  printf 'module engine\n\ngo %s\n' "$go_minimum" >"$module/go.mod"
  [ -z "$replacement" ] || printf '\nreplace %s\n' "$replacement" >>"$module/go.mod"
  run_go "$program: downloading" get "$@" &&
    run_go "$program: compiling" build -trimpath -ldflags "-s -w $flags" -o "$dir/$program" "$package"
}

# Go also keeps checksums below GOPATH and counters below XDG_CONFIG_HOME, where its settings are.
run_go() {
  what=$1 settings=$("$go" env GOENV)
  shift
  run "$what" env GOTOOLCHAIN=local GOWORK=off GOFLAGS='-mod=mod -modcacherw -buildvcs=false' \
    CGO_ENABLED=0 GOPATH="$tree/go" GOMODCACHE="$tree/go-mod" GOCACHE="$tree/go-build" \
    GOTMPDIR="$tree/tmp" XDG_CONFIG_HOME="$tree/config" GOENV="$settings" \
    "$go" -C "$module" "$@"
}
