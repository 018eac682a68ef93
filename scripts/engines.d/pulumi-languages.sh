# The hosts of Pulumi's other languages (Python, Go, YAML), and what programs in them are made of without the network.
# shellcheck shell=sh disable=SC2034,SC2154
#
# As for Node, the hosts of 3.50.2 are the last ones on the Go proxy, and drive today's SDKs. Beside them stand
#   python/          an environment with Pulumi's SDK and what installs another package into it
#   go.mod, go.sum   of a program of Pulumi's SDK, whose modules are in go-mod; the first program compiles them

version=3.50.2
yaml=1.25.0
library=3.259.0
sdk=github.com/pulumi/pulumi/sdk/v3
fork='github.com/atotto/clipboard => github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e'
python_packages='parver==0.5 setuptools==84.2.1'
recipe="yaml $yaml, library $library, $fork, $python_packages"
programs="pulumi-language-python:$version pulumi-language-go:$version pulumi-language-yaml:$yaml"
effort='about 6 minutes on 2 cores'

# The vendor's has the hosts alone.
on_path() { :; }

build() {
  find_go || return 1
  language_host python "$sdk/python/cmd/pulumi-language-python" &&
    language_host go "$sdk/go/pulumi-language-go" &&
    go_program pulumi-language-yaml "$1" "-X github.com/pulumi/pulumi-yaml/pkg/version.Version=$yaml" "$fork" \
      github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml@v$yaml" &&
    go_library "$1" "$sdk@v$library" "$sdk/go/pulumi" "$sdk/go/pulumi/config" || return 1
  # The program that the host of Python starts, of the release of the SDK.
  cp "$1/go-mod/$sdk@v$library/python/cmd/pulumi-language-python-exec" "$1" || return 1
  # shellcheck disable=SC2086
  python_environment "$1/python" '3.11 3.12 3.13' "pulumi==$library" $python_packages
}

# language_host LANGUAGE PACKAGE
language_host() {
  go_program "pulumi-language-$1" "$tree/result" "-X $sdk/go/common/version.Version=$version" '' "$2" "$2@v$version"
}
