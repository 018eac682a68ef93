#!/bin/sh
# rpm.sh FOLDER: packages of rpmbuild's below FOLDER/RPMS: one architecture and another, epochs, long lists of files, a
# licence of several words, and two versions of one name.
set -eu
top=$1
mkdir -p "$top/SPECS"
spec="$top/SPECS/base.spec"
{
  cat <<'END'
Name: base
Epoch: 3
Version: 1.0~rc1
Release: 1%{?dist}
Summary: the base
License: MIT AND (GPL-2.0-or-later WITH Bison-exception-2.2)
Vendor: Vendör & Söhne
BuildArch: noarch
# Files are looked into otherwise, each by programs of its own.
AutoReqProv: no
%description
base
%install
mkdir -p %{buildroot}/opt
for part in $(seq 0 29); do
  mkdir -p %{buildroot}/opt/p$part
  for file in $(seq $((part * 5 + 1))); do echo $part > %{buildroot}/opt/p$part/a-file-with-a-long-name-$file; done
done
%files
END
  for part in $(seq 0 29); do
    cat <<END
%package -n part-$part-lib
Version: $part.$((part % 7))
Release: $((part % 5)).el9
License: GPL-2.0-or-later
Summary: part $part
AutoReqProv: no
%description -n part-$part-lib
$(yes "part $part" | head -n $((part * 9)) | tr '\n' ' ')
%files -n part-$part-lib
/opt/p$part
END
  done
} >"$spec"
build() { rpmbuild --quiet -bb --define "_topdir $top" --define '_build_id_links none' --define '__os_install_post %{nil}' "$@" "$spec" >/dev/null 2>"$top/log" || { cat "$top/log" >&2; exit 1; }; }
build
cat >"$spec" <<'END'
Name: part-3-lib
Version: 4
Release: 1
Summary: another version of one that is there
License: MIT
BuildArch: noarch
%description
again
%files
END
build
