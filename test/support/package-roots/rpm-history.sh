#!/bin/sh
# rpm-history.sh FOLDER COUNT: so many packages of rpmbuild's of two versions each, FOLDER/1/unit-N.rpm and FOLDER/2/unit-N.rpm:
# headers of 2 to 30 KB, the newer ones longer or shorter than the older ones.
set -eu
top=$1 last=$(($2 - 1))
mkdir -p "$top"
for version in 1 2; do
  {
    printf 'Name: base\nVersion: %s\nRelease: 1\nSummary: a part\nLicense: MIT\nBuildArch: noarch\nAutoReqProv: no\n' "$version"
    printf '%%description\na part\n%%install\nmkdir -p %%{buildroot}/opt\n'
    printf 'for part in $(seq 0 %s); do mkdir -p %%{buildroot}/opt/p$part\n' "$last"
    printf 'for file in $(seq $(((part * %s) %% 160))); do echo $part > %%{buildroot}/opt/p$part/a-file-with-a-long-name-$file; done; done\n' $((version * 37))
    for part in $(seq 0 "$last"); do
      printf '%%package -n unit-%s\nVersion: %s.%s~rc%s\nRelease: %s%%{?dist}\nSummary: part\nAutoReqProv: no\n' "$part" "$version" "$part" "$version" $((part % 5 + 1))
      printf 'License: GPL-2.0-or-later AND (MIT OR Apache-2.0)\n'
      [ $((part % 3)) != 0 ] || printf 'Epoch: %s\n' $((part / 3))
      [ $((part % 4)) = 0 ] || printf 'Vendor: Vendör & Söhne %s\n' "$part"
      printf '%%description -n unit-%s\na part\n%%files -n unit-%s\n/opt/p%s\n' "$part" "$part" "$part"
    done
  } >"$top/spec"
  rpmbuild --quiet -bb --define "_topdir $top/top" --define '_build_id_links none' --define '__os_install_post %{nil}' \
    --define "_rpmdir $top/$version" --define '_rpmfilename %%{NAME}.rpm' --define '_binary_payload w0.gzdio' "$top/spec" \
    >"$top/log" 2>&1 || { cat "$top/log" >&2; exit 1; }
done
rm -r "$top/top" "$top/spec" "$top/log"
