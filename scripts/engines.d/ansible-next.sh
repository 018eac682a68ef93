# The newest Ansible beside the one that the default tests drive, and what checks a collection's documentation and changelog.
# shellcheck shell=sh disable=SC2034,SC2154

version=2.21.5
docs=2.28.0
changelog=0.36.0
recipe="antsibull-docs $docs, antsibull-changelog $changelog"
inside=bin
programs="ansible-test-2.21:$version antsibull-docs:$docs antsibull-changelog:$changelog"
effort='less than a minute'

# Never taken from PATH: its programs have the same names as those of the other one.
on_path() { :; }

build() {
  python_environment "$1" '3.12 3.13 3.14' \
    "ansible-core==$version" "antsibull-docs==$docs" "antsibull-changelog==$changelog" || return 1
  ln -s ansible-test "$1/bin/ansible-test-2.21"
}
