#!/bin/sh
# ostree.sh FOLDER RPM_DATABASE: a file system's top with two deployments that OSTree has made, below FOLDER/sysroot; what it
# says of them in FOLDER/told. The packages are rpm's, of a folder of its own.
set -eu
mkdir -p "$1/sysroot" "$1/tree"
# Deployments are immutable otherwise, and could not be taken away.
export OSTREE_SYSROOT_DEBUG=mutable-deployments
cd "$1/tree"
mkdir -p usr/etc usr/bin usr/lib/modules/6.8.5-301.fc40 usr/share boot dev proc run sys sysroot tmp var
ln -s usr/bin bin
ln -s usr/lib lib
ln -s sysroot/ostree ostree
ln -s ../usr/lib/os-release usr/etc/os-release
cp -a "$2" usr/share/rpm
echo >usr/bin/rpm-ostree
echo root:x:0:0:root:/root:/bin/bash >usr/etc/passwd
echo kernel >usr/lib/modules/6.8.5-301.fc40/vmlinuz
echo initramfs >usr/lib/modules/6.8.5-301.fc40/initramfs.img
cd ..
sysroot() { ostree admin --sysroot=sysroot "$@" >>log 2>&1 || { cat log >&2; exit 1; }; }
ostree admin init-fs sysroot
sysroot os-init fedora
for version in 40.1 40.2; do
  printf '%s\n' 'NAME="Fedora Linux"' ID=fedora VERSION_ID=40 VARIANT_ID=silverblue 'PRETTY_NAME="Fedora Linux 40 (Silverblue)"' \
    "OSTREE_VERSION=$version" >tree/usr/lib/os-release
  echo "silver-$version" >tree/usr/etc/hostname
  ostree --repo=sysroot/ostree/repo commit --branch=fedora/silverblue --tree=dir=tree --timestamp=@1700000000 \
    --add-metadata-string=version=$version >>log
  sysroot deploy --os=fedora --karg-none --karg=root=LABEL=root fedora/silverblue
  checksum=$(ostree --repo=sysroot/ostree/repo rev-parse fedora/silverblue)
  touch -d "2024-01-01 ${version#40.}:00" "sysroot/ostree/deploy/fedora/deploy/$checksum.0.origin"
done
mkdir -p sysroot/ostree/deploy/fedora/var/lib/own
echo of the machine >sysroot/ostree/deploy/fedora/var/lib/own/file
ostree admin --sysroot=sysroot status >told 2>>log
rm -r tree
