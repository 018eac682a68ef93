#!/bin/sh
# pacman.sh FOLDER: a root with packages that pacman has installed, below FOLDER/root.
set -eu
mkdir -p "$1/root/var/lib/pacman"
cd "$1"
make() { # NAME VERSION BASE LICENCES
  mkdir -p "part/usr/share/$1"
  echo "$1" >"part/usr/share/$1/file"
  printf '%s = %s\n' pkgname "$1" pkgbase "$3" pkgver "$2" pkgdesc "a package" builddate 1700000000 size 12345 arch any >part/.PKGINFO
  for licence in $4; do echo "license = $licence" >>part/.PKGINFO; done
  (cd part && tar -czf "../$1.pkg.tar.gz" .PKGINFO usr)
  rm -r part
}
make one 2:1.2.3-4 family "MIT custom"
make two-lib 20240101.r5.gabcdef-1.2 two-lib Apache-2.0
make three 1_0-1 three ""
pacman -r root -b root/var/lib/pacman --cachedir cache --config /dev/null --logfile log --noscriptlet --noconfirm --noprogressbar \
  -U ./*.pkg.tar.gz >/dev/null
