#!/bin/sh
# Under fakeroot, GNU tar unpacks a file that has attributes into one without a type.
#
# Guess: a file that tar unpacks with --xattrs under fakeroot is a regular file with its mode, as without attributes. Seen:
# tar sets the attributes by name before anything else; fakeroot then begins what it knows of the file with a mode of no
# type, and tar's chmod adds the permissions. stat calls it a "weird file", the next tar in that session (or in one that
# loads its state) leaves it out as of "Unknown file type" and fails. The unpacking itself says nothing, status 0.
# A way around: unpack without attributes first, and set them in a second pass.
set -eu
FAKEROOT=1.31-1.2 TAR=1.34+dfsg-1.2+deb12u1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq "fakeroot=$FAKEROOT" "libfakeroot=$FAKEROOT" "tar=$TAR" >/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
tar=$(find root -name tar -type f -path '*bin/*')
tar=$work/$tar
lib=$(find "$work/root" -name 'libfakeroot-sysv.so')
faked=$(find "$work/root" -name faked-sysv)
fake() { fakeroot_script=$(find "$work/root" -name fakeroot-sysv -type f); sh "$fakeroot_script" --lib "$lib" --faked "$faked" -- "$@"; }
"$tar" --version | head -n 1
echo "fakeroot $FAKEROOT"

# $1: whether the archived file has an attribute.
archive() {
  rm -rf source && mkdir source
  python3 - "$1" <<'PY'
import os, sys
open("source/file", "w").write("text")
os.chmod("source/file", 0o640)
if sys.argv[1] == "yes":
    os.setxattr("source/file", "user.note", b"hello")
PY
  "$tar" -C source --xattrs --xattrs-include='*' -cf made.tar file
}

failed=0
for has in no yes; do
  archive $has
  rm -rf out && mkdir out
  # shellcheck disable=SC2016
  said=$(fake sh -c 'cd out; "$1" --xattrs --xattrs-include="*" -xf ../made.tar; echo "tar -x: $?"
    stat -c %F file; "$1" -cf ../again.tar file; echo "tar -c: $?"' sh "$tar" 2>&1)
  echo "-- an attribute: $has"
  echo "$said"
  case $has in
    no) wanted="tar -x: 0|regular file|tar -c: 0" ;;
    yes) wanted="tar -x: 0|weird file|*Unknown file type*|tar -c: 2" ;;
  esac
  got=$(echo "$said" | tr '\n' '|')
  # shellcheck disable=SC2254
  case $got in $wanted*) ;; *) echo "changed"; failed=1 ;; esac
done
exit $failed
