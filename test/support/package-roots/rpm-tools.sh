#!/bin/sh
# rpm-tools.sh FOLDER: roots that dnf and zypper have installed into, FOLDER/dnf/root and FOLDER/zypper/root; in FOLDER/NAME.told
# what rpm lists of each.
set -eu
cd "$1"
mkdir -p dnf/root zypper/root home/none
export HOME="$PWD/home" LC_ALL=C.UTF-8 TZ=UTC
cat >packages.spec <<'END'
Name: alpha
Epoch: 2
Version: 1.5
Release: 3.fc40
Summary: a
License: MIT OR Apache-2.0
Vendor: Somebody
BuildArch: noarch
Requires: beta-libs >= 0.9
%description
a
%files
%package -n beta-libs
Version: 0.9~rc1^git1
Summary: b
%description -n beta-libs
b
%files -n beta-libs
%package -n gamma
Version: 3
Summary: c
%description -n gamma
c
%files -n gamma
END
quiet() { "$@" >>log 2>&1 || { cat log >&2; exit 1; }; }
quiet rpmbuild -bb --define "_topdir $PWD/top" packages.spec
echo '%_dbpath /usr/lib/sysimage/rpm' >home/.rpmmacros
told() { rpm --root "$PWD/$1/root" -qa --qf '%{NAME}|%{EPOCH}|%{VERSION}|%{RELEASE}|%{ARCH}|%{SIZE}|%{VENDOR}|%{LICENSE}|%{INSTALLTIME}|%{SOURCERPM}\n' | sort >"$1.told"; }
dnf() { quiet command dnf -q -y --installroot="$PWD/dnf/root" --disablerepo='*' --setopt=reposdir="$PWD/home/none" --setopt=cachedir=/cache --releasever=40 --nogpgcheck "$@"; }
dnf install top/RPMS/noarch/*.rpm
dnf remove gamma
told dnf
zypper() { quiet command zypper --non-interactive --root "$PWD/zypper/root" --no-gpg-checks "$@"; }
zypper install --allow-unsigned-rpm top/RPMS/noarch/*.rpm
zypper remove gamma
told zypper
rm -r top home
