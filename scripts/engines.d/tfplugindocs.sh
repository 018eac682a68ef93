# tfplugindocs: what the registry of Terraform judges a provider's pages by.
# shellcheck shell=sh disable=SC2034,SC2154

version=0.25.0
origin=github.com/hashicorp/terraform-plugin-docs
recipe=$origin
programs=tfplugindocs:$version
effort='about 2 minutes on 2 cores'

on_path() {
  have=$(tfplugindocs --version 2>/dev/null | sed -n 's/^tfplugindocs Version v\{0,1\}\([0-9.]*\).*/\1/p')
  if at_least "$have" 0.20; then printf 'tfplugindocs:%s\n' "$have"; fi
}

build() {
  find_go || return 1
  go_program tfplugindocs "$1" "-X $origin/cmd/tfplugindocs/build.version=$version" '' "$origin/cmd/tfplugindocs" "$origin@v$version"
}
