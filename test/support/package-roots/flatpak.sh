#!/bin/sh
# flatpak.sh FOLDER: a root with a runtime and applications that flatpak has installed, for all and for a user, below
# FOLDER/root; in FOLDER/told a line each, as flatpak tells them: INSTALLATION, kind/ID/ARCH/BRANCH, origin, commit, size, version.
set -eu
cd "$1"
mkdir -p home root/var/lib/flatpak root/home/anna/.local/share/flatpak
export HOME="$PWD/home" XDG_DATA_HOME="$PWD/home/share" FLATPAK_SYSTEM_DIR="$PWD/root/var/lib/flatpak" \
  FLATPAK_USER_DIR="$PWD/root/home/anna/.local/share/flatpak" LC_ALL=C.UTF-8
quiet() { "$@" >>log 2>&1 || { cat log >&2; exit 1; }; }
mkdir -p runtime/files runtime/usr
printf '%s\n' '[Runtime]' name=org.test.Platform runtime=org.test.Platform/x86_64/23.08 sdk=org.test.Sdk/x86_64/23.08 >runtime/metadata
quiet flatpak build-export --runtime repo runtime 23.08
application() { # ID BRANCH VERSION BYTES
  mkdir -p app/files/share/app-info/xmls app/export
  printf '%s\n' '[Application]' "name=$1" runtime=org.test.Platform/x86_64/23.08 sdk=org.test.Sdk/x86_64/23.08 command=x >app/metadata
  head -c "$4" /dev/zero >app/files/data
  cat <<END | gzip >"app/files/share/app-info/xmls/$1.xml.gz"
<?xml version="1.0"?><components version="0.8"><component type="desktop"><id>$1</id><name>$1</name><summary>s</summary>
<project_license>MIT AND GPL-3.0-or-later</project_license>
<releases><release version="$3" timestamp="1700000000"/></releases></component></components>
END
  quiet flatpak build-export repo app "$2"
  rm -r app
}
application org.test.App stable 1.4.2 300000
application org.test.App beta 2.0~rc1 10
application org.test.Other stable 20240101 5000
quiet flatpak build-update-repo repo
for whose in system user; do quiet flatpak remote-add --$whose --no-gpg-verify local-$whose repo; done
quiet flatpak install --system -y --noninteractive local-system org.test.App//stable org.test.App//beta
quiet flatpak install --user -y --noninteractive local-user org.test.Other//stable
for whose in system user; do
  flatpak list --$whose --columns=ref,version | while read -r ref version; do
    set -- $(flatpak info --$whose --show-ref --show-origin --show-commit --show-size "$ref")
    echo "$whose $1 $2 $3 $4 ${version:--}"
  done
done >told 2>>log
rm -r repo runtime home root/var/lib/flatpak/repo root/home/anna/.local/share/flatpak/repo
