#!/bin/sh
# e2fsck ends with exit code 0 after a write that failed, over a file system that its next run calls damaged.
#
# Guess: a write that the kernel refuses (no room, an I/O error) makes e2fsck end with 8, "operational error", as the manual
# page says, or with 4. Seen: where the superblock is written field by field, the write of its checksum may fail and nothing
# is said: exit code 0 with the usual summary. The next run, `e2fsck -f -n`, ends with 4: the checksum does not match. So the
# exit code of e2fsck -p proves nothing about what is on the disk; a second, read-only run does.
set -eu
E2FSPROGS=1.47.0-2+b2 STRACE=6.1-0.1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq "e2fsprogs=$E2FSPROGS" "libext2fs2=$E2FSPROGS" "libcom-err2=$E2FSPROGS" "strace=$STRACE" >/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
LD_LIBRARY_PATH=$(find "$work/root" -name '*-linux-gnu' -type d -path '*/lib/*' | paste -sd:)
export LD_LIBRARY_PATH
e2fsck=$(find root -name e2fsck -type f)
strace=$(find root -name strace -type f -perm -1)
"$e2fsck" -V 2>&1 | head -n 1

truncate -s 16M fresh.img
"$(find root -name mke2fs -type f)" -q -t ext4 fresh.img
# The last write of a run over a sound file system: found first, then refused.
cp fresh.img image
"$strace" -q -o trace -e trace=write "$e2fsck" -f -p image >/dev/null
last=$(grep '^write(' trace | grep -n ', 4) ' | tail -n 1 | cut -d: -f1)
cp fresh.img image
status=0
"$strace" -q -o trace -e trace=write -e "inject=write:error=ENOSPC:when=$last" "$e2fsck" -f -p image || status=$?
grep INJECTED trace
again=0
"$e2fsck" -f -n image >said 2>&1 || again=$?
head -n 2 said
echo "exit code with the refused write: $status; of the next look at it: $again"
[ "$status" = 0 ] && [ "$again" = 4 ] || { echo "this changed"; exit 1; }
