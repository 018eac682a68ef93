# syft: another program that lists the software in a system, for `npm run bench` alone.
# shellcheck shell=sh disable=SC2034,SC2154

version=1.57.1
package=github.com/anchore/syft/cmd/syft
recipe=$package
programs=syft:$version
effort='about 5 minutes on 2 cores'

on_path() {
  have=$(syft version 2>/dev/null | sed -n 's/^Version: *//p')
  if at_least "$have" 1.0; then printf 'syft:%s\n' "$have"; fi
}

build() {
  find_go || return 1
  go_program syft "$1" "-X main.version=$version" '' "$package" "$package@v$version"
}
