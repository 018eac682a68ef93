#!/bin/sh
# many-packages.sh FOLDER COUNT: so many packages of rpmbuild's below FOLDER/RPMS, of a hundred files each as a mean.
set -eu
top=$1
mkdir -p "$top/SPECS"
awk -v count="$2" 'BEGIN {
  print "Name: base\nVersion: 1.0\nRelease: 1\nSummary: the base\nLicense: MIT\nVendor: Vendor\nBuildArch: noarch\nAutoReqProv: no"
  print "%description\nbase\n%install"
  print "for part in $(seq 0 " count - 1 "); do mkdir -p %{buildroot}/usr/share/p$part"
  print "for file in $(seq $((part * 37 % 199 + 1))); do : > %{buildroot}/usr/share/p$part/a-file-with-a-long-name-$file; done; done"
  print "%files"
  for (part = 0; part < count; part++) {
    printf "%%package -n part-%d-lib\nVersion: %d.%d\nRelease: %d.el9\nLicense: GPL-2.0-or-later\nSummary: part %d\nAutoReqProv: no\n", part, part, part % 7, part % 5, part
    printf "%%description -n part-%d-lib\n", part
    for (word = 0; word < part % 60 + 10; word++) printf "part %d ", part
    printf "\n%%files -n part-%d-lib\n/usr/share/p%d\n", part, part
  }
}' >"$top/SPECS/base.spec"
rpmbuild --quiet -bb --define "_topdir $top" --define '_build_id_links none' --define '__os_install_post %{nil}' \
  --define '_binary_payload w0.gzdio' "$top/SPECS/base.spec" >/dev/null 2>"$top/log" || { cat "$top/log" >&2; exit 1; }
