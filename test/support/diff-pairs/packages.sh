#!/bin/sh
# packages.sh FOLDER: eight packages of two versions each, for dpkg and for rpm; every other one has a file of configuration.
set -eu
cd "$1"
for version in 1.0 2:1.5; do
  for part in 0 1 2 3 4 5 6 7; do
    mkdir -p deb/DEBIAN "deb/usr/share/p$part" deb/etc
    printf 'Package: p%s\nVersion: %s-1\nArchitecture: all\nMaintainer: A <a@b>\nDescription: a part\n' "$part" "$version" >deb/DEBIAN/control
    echo "$version" >"deb/usr/share/p$part/file"
    if [ $((part % 2)) = 0 ]; then
      echo "$version" >"deb/etc/p$part.conf"
      echo "/etc/p$part.conf" >deb/DEBIAN/conffiles
    fi
    dpkg-deb --root-owner-group -Znone --build deb "p${part}_${version#*:}.deb" >/dev/null
    rm -r deb
  done
done
for version in 1.0 1.5; do
  {
    printf 'Name: base\nVersion: %s\nRelease: 1\nEpoch: 2\nSummary: a part\nLicense: MIT\nBuildArch: noarch\nAutoReqProv: no\n%%description\na part\n' "$version"
    printf '%%install\nfor part in 0 1 2 3 4 5 6 7; do mkdir -p %%{buildroot}/usr/share/p$part; echo %s > %%{buildroot}/usr/share/p$part/file; done\n' "$version"
    for part in 0 1 2 3 4 5 6 7; do
      printf '%%package -n p%s\nSummary: a part\nAutoReqProv: no\n%%description -n p%s\na part\n%%files -n p%s\n/usr/share/p%s\n' $part $part $part $part
    done
  } >spec
  rpmbuild --quiet -bb --define "_topdir $PWD/top" --define '_build_id_links none' --define '__os_install_post %{nil}' \
    --define "_rpmdir $PWD" --define '_rpmfilename %%{NAME}-%%{VERSION}.rpm' spec >log 2>&1 || { cat log >&2; exit 1; }
done
rm -rf top spec log
