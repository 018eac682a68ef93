# Pulumi's command line and the Node language host, which it starts for every program.
# shellcheck shell=sh disable=SC2034,SC2154
#
# Today's language host is not on the Go proxy; that of 3.50.2 drives today's SDK. What a program
# needs besides, `pulumi-resource-pulumi-nodejs`, comes with the SDK: put node_modules/@pulumi/pulumi on
# PATH.

version=3.259.0
host=3.50.2
cli_package=github.com/pulumi/pulumi/pkg/v3/cmd/pulumi
sdk=github.com/pulumi/pulumi/sdk/v3
host_package=$sdk/nodejs/cmd/pulumi-language-nodejs
fork='github.com/atotto/clipboard => github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e'
recipe="host $host, $fork"
programs="pulumi:$version pulumi-language-nodejs:$host"
effort='about 6 minutes on 2 cores'

# The vendor's installation has both in one folder and of one version.
on_path() {
  have=$(pulumi version 2>/dev/null | sed -n 's/^v\{0,1\}\([0-9]\)/\1/p')
  at_least "$have" "$version" || return 0
  [ -x "$(dirname "$(command -v pulumi)")/pulumi-language-nodejs" ] || return 0
  printf '%s\n' "pulumi:$have" "pulumi-language-nodejs:$have"
}

build() {
  find_go || return 1
  variable=$sdk/go/common/version.Version
  go_program pulumi-language-nodejs "$1" "-X $variable=$host" '' "$host_package" \
    "$host_package@v$host" || return 1
  go_program pulumi "$1" "-X $variable=$version" "$fork" "$cli_package" \
    "$cli_package@v$version" "$sdk@v$version"
}
