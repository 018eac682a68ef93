# The newest Terraform, beside the one on PATH: what only it can do (queries, identity, actions) is tested with it.
# shellcheck shell=sh disable=SC2034,SC2154
#
# The modules of its remote backends and of its past are parts of its repository that the Go proxy does not have. An empty one
# stands for each: the local backend is all that a test needs. The protocol's definition is kept for the test of ours.

version=1.16.0
origin=github.com/hashicorp/terraform
backends='azure consul cos gcs kubernetes oci oss pg s3'
recipe="$origin without $backends"
programs=terraform-1.16:$version
effort='about 10 minutes on 2 cores'

on_path() {
  have=$(terraform version 2>/dev/null | sed -n 's/^Terraform v//p')
  if at_least "$have" 1.16; then printf 'terraform:%s\n' "$have"; fi
}

build() {
  find_go || return 1
  go_program terraform-1.16 "$1" "-X $origin/version.dev=no" "$(stand_ins)" "$origin" "$origin@v$version" || return 1
  cp "$tree/go-mod/$origin@v$version/docs/plugin-protocol/tfplugin6.proto" "$1"
}

# Writes the modules, and prints what replaces what.
stand_ins() {
  printf '(\n'
  for backend in $backends; do
    stand_in "internal/backend/remote-state/$backend" "package $backend

import \"$origin/internal/backend\"

func New() backend.Backend { return nil }"
  done
  stand_in internal/legacy 'package legacy'
  printf ')'
}

stand_in() {
  at=$tree/stand-ins/$1
  mkdir -p "$at"
  printf 'module %s\n\ngo %s\n' "$origin/$1" "$go_minimum" >"$at/go.mod"
  printf '%s\n' "$2" >"$at/stand-in.go"
  printf '\t%s => %s\n' "$origin/$1" "$at"
}
