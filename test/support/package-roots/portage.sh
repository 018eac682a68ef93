#!/bin/sh
# portage.sh FOLDER REQUIREMENT: a root into which portage has merged packages of a repository of its own, below FOLDER/root; in
# FOLDER/told what it says it has. Its place is that of its Python's environment, which is known while it is built.
set -eu
cd "$1"
top=$PWD
quiet() { "$@" >>log 2>&1 || { cat log >&2; exit 1; }; }
quiet python3 -m venv python
quiet python/bin/pip install --quiet "$2"
mkdir -p repo/profiles/default repo/metadata python/etc/portage root merged
echo own >repo/profiles/repo_name
printf '%s\n' 'masters =' 'profile-formats = portage-2' 'use-manifests = false' >repo/metadata/layout.conf
printf '%s\n' app-misc sys-libs >repo/profiles/categories
echo amd64 >repo/profiles/arch.list
echo amd64 default stable >repo/profiles/profiles.desc
echo 8 >repo/profiles/default/eapi
printf '%s\n' ARCH=amd64 ACCEPT_KEYWORDS=amd64 CHOST=x86_64-pc-linux-gnu >repo/profiles/default/make.defaults
ln -s "$top/repo/profiles/default" python/etc/portage/make.profile
cat >python/etc/portage/make.conf <<END
FEATURES="-sandbox -usersandbox -userpriv -userfetch -pid-sandbox -network-sandbox -ipc-sandbox -mount-sandbox -news"
PORTAGE_TMPDIR="$top/tmp"
DISTDIR="$top/tmp"
PKGDIR="$top/tmp"
END
mkdir tmp
ebuild() { # CATEGORY NAME VERSION LICENCE BYTES
  mkdir -p "repo/$1/$2"
  cat >"repo/$1/$2/$2-$3.ebuild" <<END
EAPI=8
DESCRIPTION="a package"
HOMEPAGE="https://example.org"
SLOT=0
LICENSE="$4"
KEYWORDS=amd64
S="\${WORKDIR}"
src_install() { head -c $5 /dev/zero >file; insinto /usr/share/$2; doins file; }
END
}
ebuild app-misc hello 1.2_p26-r3 'GPL-2+ MIT' 4000
ebuild app-misc two-words 20240101 BSD 10
ebuild sys-libs gtk+ 3.0_rc1 LGPL-2.1 100
ebuild sys-libs gone 1 MIT 1
export ROOT="$top/root" PORTAGE_USERNAME=root PORTAGE_GRPNAME=root PATH="$top/python/bin:$PATH" LC_ALL=C.UTF-8
PORTAGE_REPOSITORIES=$(printf '%s\n' '[DEFAULT]' 'main-repo = own' '[own]' "location = $top/repo" 'auto-sync = no')
export PORTAGE_REPOSITORIES
quiet emerge --quiet --nodeps app-misc/hello app-misc/two-words sys-libs/gtk+ sys-libs/gone
CLEAN_DELAY=0 quiet emerge --quiet --unmerge sys-libs/gone
for each in app-misc/hello app-misc/two-words sys-libs/gtk+; do
  cpv=$(portageq match "$top/root$top/python" "$each")
  echo "$cpv $(portageq metadata "$top/root$top/python" installed "$cpv" SIZE LICENSE CHOST BUILD_TIME | tr '\n' '|')"
done >told 2>>log
mkdir -p merged/var/db
mv "root$top/python/var/db/pkg" merged/var/db/pkg
rm -rf root python repo tmp
mv merged root
