# What writes the SDKs of the native Pulumi provider from its package schema: Pulumi's own generators, in a program of ours.
# shellcheck shell=sh disable=SC2034,SC2154
#
# Those of .NET and Java are no part of Pulumi's module any more. Of one of its releases that had the former, and with which the last
# release of the latter on the Go proxy goes together, a second program is made: it tells whether they take the schema.

version=3.259.0
former=3.106.0
java=0.9.9
generators=github.com/pulumi/pulumi/pkg/v3
fork='github.com/atotto/clipboard => github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e'
own=$here/pulumi-sdks
recipe="$generators, former $former, java $java, $fork, ours $(cat "$own"/*.go "$own"/*/*.go | cksum)"
programs="pulumi-sdks:$version pulumi-sdks-former:$former"
effort='about 10 minutes on 2 cores'

on_path() { :; }

build() {
  find_go || return 1
  sources="$own/main.go $own/current/*.go"
  go_program pulumi-sdks "$1" '' "$fork" . "$generators@v$version" || return 1
  sources="$own/main.go $own/former/*.go"
  go_program pulumi-sdks-former "$1" '' "$fork" . "$generators@v$former" "github.com/pulumi/pulumi-java/pkg@v$java"
}
