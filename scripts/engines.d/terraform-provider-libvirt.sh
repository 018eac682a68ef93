# Terraform's provider for libvirt: what people come from. What it made is moved over in a test, beside a libvirtd of the test's own.
# shellcheck shell=sh disable=SC2034,SC2154

version=0.8.3
origin=github.com/dmacvicar/terraform-provider-libvirt
recipe=$origin
programs=terraform-provider-libvirt:$version
effort='about 2 minutes on 2 cores'

on_path() { :; }

build() {
  find_go || return 1
  go_program terraform-provider-libvirt "$1" '' '' "$origin" "$origin@v$version"
}
