#!/bin/sh
# cvtsudoers writes a rule that has CWD= as something that no JSON parser takes.
#
# Guess: `cvtsudoers -f json` writes the options of a rule as a list of objects, whatever they are. Seen: TIMEOUT= and
# NOPASSWD: are objects of it, `"runcwd": "/srv"` stands in the list without braces; so does CHROOT='s. The status is 0 and
# nothing is said. Way around: the csv or the sudoers form, or rules without CWD= and CHROOT=.
set -eu
SUDO=1.9.13p3-1+deb12u4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq "sudo=$SUDO" >/dev/null 2>&1
dpkg-deb -x sudo_*.deb root
lib=$(dirname "$(find root -name libsudo_util.so.0 | head -n 1)")
cvtsudoers() { LD_LIBRARY_PATH=$lib root/usr/bin/cvtsudoers "$@"; }
cvtsudoers -V

failed=0
# $1: options of the rule; $2: whether what is written is JSON.
try() {
  printf 'alice ALL=(root) %s /usr/bin/make\n' "$1" >sudoers
  cvtsudoers -c /dev/null -f json -o written sudoers
  python3 -c 'import json, sys; json.load(open("written"))' 2>said && got=yes || got=no
  echo "-- $1 is JSON: $got"
  [ "$got" = yes ] || tail -n 1 said
  [ "$got" = "$2" ] || { echo "changed"; failed=1; }
}
try NOPASSWD: yes
try TIMEOUT=5m yes
try CWD=/srv no
try CHROOT=/srv no
exit $failed
