# Terraform is used when it is there, and never built: OpenTofu drives the same provider.
# shellcheck shell=sh disable=SC2034,SC2154

version=1.11
recipe=none
programs=terraform:$version
optional="install Terraform $version or newer to have it tested as well"

on_path() {
  have=$(terraform version 2>/dev/null | sed -n 's/^Terraform v//p')
  if at_least "$have" "$version"; then printf 'terraform:%s\n' "$have"; fi
}
