#!/bin/sh
# many-packages.sh FOLDER COUNT: so many packages of rpmbuild's below FOLDER/RPMS, of the shape of a distribution's: how many
# files a package has, how long their names are and how many lie in one folder is that of a Debian's 902 packages (their
# twentieths stand below; the largest are taken as of 6,000 files), and so are the lengths of descriptions and scripts, and how
# many packages have such. Fifty packages come from one source, with 10 to 110 entries of its log of changes; each package
# needs twelve others. Not signed. Their names are of one length, so that more can be made of each.
set -eu
top=$1 count=$2
mkdir -p "$top/SPECS"
source=0
while [ $((source * 50)) -lt "$count" ]; do
  spec="$top/SPECS/source-$source.spec"
  awk -v source="$source" -v count="$count" '
    function files(part,    share, step, rest) {
      share = ((part * 7919) % count + 0.5) / count * 20
      step = int(share); rest = share - step
      if (step == 19) return int(327 * exp(rest * log(6000 / 327)))
      return int(twentieth[step + 1] + rest * (twentieth[step + 2] - twentieth[step + 1]))
    }
    function words(length_, text,    all) { for (all = ""; length(all) < length_;) all = all text; return all }
    BEGIN {
      split("4 10 10 11 11 11 12 13 14 16 17 19 22 26 31 41 62 117 178 327", twentieth, " ")
      first = source * 50; last = first + 49 < count ? first + 49 : count - 1
      printf "Name: source-%d\nVersion: 1.0\nRelease: 1\nSummary: a source\nLicense: MIT\nVendor: Vendor Project\nBuildArch: noarch\nAutoReqProv: no\n%%description\na source\n%%install\n", source
      print "fill() {"
      print "  root=%{buildroot}/usr/share/part-$1; mkdir -p $root; seq -f $root/section-%%.0f 0 $((($2 - 1) / 6)) | xargs mkdir"
      print "  file=0; while [ $file -lt $2 ]; do echo $1 >$root/section-$((file / 6))/a-file-named-$file; file=$((file + 1)); done; }"
      for (part = first; part <= last; part++) printf "fill %04d %d\n", part, files(part)
      for (part = first; part <= last; part++) {
        printf "%%package -n part-%04d-lib\nVersion: %d.%d\nRelease: %d.el9\nLicense: GPL-2.0-or-later\nSummary: what part %04d is for, in a line\nURL: https://part-%04d.example/\nAutoReqProv: no\n", part, part, part % 7, part % 5, part, part
        for (other = 1; other <= 12; other++) printf "Requires: libpart-%04d.so.%d()(64bit)\n", (part * other) % count, other
        printf "Provides: libpart-%04d.so.1()(64bit)\n%%description -n part-%04d-lib\n%s\n", part, part, words(424, "part " part " is there for parts. ")
        if (part % 5 == 0) printf "%%post -n part-%04d-lib\n%s\n", part, words(1400, ": configure part " part "\n")
        printf "%%files -n part-%04d-lib\n/usr/share/part-%04d\n", part, part
      }
      print "%changelog"
      for (entry = 109 - (source * 37) % 100; entry >= 0; entry--) printf "* Mon Jan 0%d 2024 Somebody of Them <somebody@vendor.example> - 1.%d-1\n- Update to version 1.%d, which has faults mended\n- Resolves: number %d\n\n", 1, entry, entry, entry * 7919
    }' >"$spec"
  rpmbuild --quiet -bb --define "_topdir $top" --define '_build_id_links none' --define '__os_install_post %{nil}' \
    --define '_binary_payload w0.gzdio' "$spec" >"$top/log" 2>&1 || { cat "$top/log" >&2; exit 1; }
  rm -rf "$top/BUILDROOT" "$spec"
  source=$((source + 1))
done
