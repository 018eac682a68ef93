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
# next run goes on with them, and they (gigabytes, for Pulumi) are gone after success. `sources`, where a recipe sets it: the
# files of a program of our own, whose package is `.`.
go_program() {
  program=$1 dir=$2 flags=$3 replacement=$4 package=$5
  shift 5
  begin_module "$program" "$tree/go-mod" "$replacement"
  # shellcheck disable=SC2086
  [ -z "${sources-}" ] || cp $sources "$module" || return 1
  run_go "$program: downloading" get "$@" &&
    run_go "$program: compiling" build -trimpath -ldflags "-s -w $flags" -o "$dir/$program" "$package"
}

# go_library DIR MODULE@VERSION PACKAGE...: what programs that import these packages are built of without the network: the
# modules in DIR/go-mod, and DIR/go.mod and go.sum that ask for them.
go_library() {
  dir=$1 wanted=$2
  shift 2
  begin_module library "$dir/go-mod" ''
  { printf 'package main\n\n' && printf 'import _ "%s"\n' "$@" && printf '\nfunc main() {}\n'; } >"$module/main.go"
  run_go "$wanted: downloading" get "$wanted" . &&
    run_go "$wanted: reading" list -deps . &&
    cp "$module/go.mod" "$module/go.sum" "$dir" || return 1
  # They stand there unpacked.
  find "$dir/go-mod/cache/download" -name '*.zip' -delete
}

# begin_module NAME DOWNLOADS REPLACEMENT: sets $module, an empty one, and where Go keeps what it downloads for it.
begin_module() {
  module=$tree/module-$1 downloads=$2
  discard "$module"
  discard "$tree/tmp"
  mkdir -p "$module" "$tree/tmp" "$downloads" "$tree/go-build"
  printf 'module engine\n\ngo %s\n' "$go_minimum" >"$module/go.mod"
  [ -z "$3" ] || printf '\nreplace %s\n' "$3" >>"$module/go.mod"
}

# Go also keeps checksums below GOPATH and counters below XDG_CONFIG_HOME, where its settings are.
run_go() {
  what=$1 settings=$("$go" env GOENV)
  shift
  run "$what" env GOTOOLCHAIN=local GOWORK=off GOFLAGS='-mod=mod -modcacherw -buildvcs=false' \
    CGO_ENABLED=0 GOPATH="$tree/go" GOMODCACHE="$downloads" GOCACHE="$tree/go-build" \
    GOTMPDIR="$tree/tmp" XDG_CONFIG_HOME="$tree/config" GOENV="$settings" \
    "$go" -C "$module" "$@"
}
