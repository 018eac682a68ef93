#!/bin/sh
# qemu-img 7.2 makes a compressed qcow (version 1) whole, prints nothing, and ends with status 1.
#
# Guess: `convert -c` to a format that says that it takes compressed writes ends with 0, as it does for qcow2, or with 1 and
# a word of why. Seen: every image that was tried (noise, text, nothing at all) compares as identical with its source and
# checks out, and the status is 1 without any output. Who trusts the status throws a good image away, or looks in vain for
# the reason. Way around: write the clusters with qemu-io (`write -c`), or compare before judging; better, take qcow2.
set -eu
QEMU='1:7.2+dfsg-7+deb12u18+b3'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p debs/partial root
apt-get install -qq --yes --download-only --no-install-recommends -o Dir::State::status=/dev/null \
  -o "Dir::Cache::archives=$work/debs" -o APT::Sandbox::User=root "qemu-utils=$QEMU" >/dev/null
for package in debs/*.deb; do dpkg-deb -x "$package" root; done
libraries=$(find "$work/root/lib" "$work/root/usr/lib" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
qemu_img() { LD_LIBRARY_PATH=$libraries root/usr/bin/qemu-img "$@"; }
qemu_img --version | head -n 1

truncate -s 4M empty.raw
cp empty.raw noise.raw
head -c 262144 /dev/urandom | dd of=noise.raw conv=notrunc status=none
yes 'the same line' | head -c 4194304 >text.raw

seen=0
for kind in empty noise text; do
  for format in qcow qcow2; do
    said=$(qemu_img convert -c -f raw -O "$format" "$kind.raw" "$kind.$format" 2>&1) && status=0 || status=$?
    same=$(qemu_img compare -f raw -F "$format" "$kind.raw" "$kind.$format") || same='They differ.'
    echo "$kind to $format: status $status, said \"$said\"; $same"
    case "$format $status $said $same" in
      'qcow 1  Images are identical.' | 'qcow2 0  Images are identical.') seen=$((seen + 1)) ;;
    esac
  done
done
[ "$seen" = 6 ] || { echo 'this has changed' >&2; exit 1; }
