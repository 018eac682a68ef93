# OpenTofu: the Terraform-compatible engine that may be built by anyone. 1.11 brought write-only
# attributes, without which secrets would be kept in the state.
# shellcheck shell=sh disable=SC2034,SC2154

version=1.12.6
package=github.com/opentofu/opentofu/cmd/tofu
fork='github.com/hashicorp/hcl/v2 => github.com/opentofu/hcl/v2 v2.20.2-0.20251021132045-587d123c2828'
recipe=$fork
programs=tofu:$version
effort='about 5 minutes on 2 cores'

on_path() {
  have=$(tofu version 2>/dev/null | sed -n 's/^OpenTofu v//p')
  if at_least "$have" 1.11; then printf 'tofu:%s\n' "$have"; fi
}

build() {
  find_go || return 1
  go_program tofu "$1" '-X github.com/opentofu/opentofu/version.dev=no' "$fork" "$package" \
    "$package@v$version"
}
