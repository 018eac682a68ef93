import { expect, it } from "vitest";
import type { PackageFormat } from "../../../core/guest/packages/index.ts";
import type { Installed } from "../../../core/guest/packages/package.ts";
import { purlOf } from "../../../core/guest/packages/purl.ts";

const plain: Installed = {
  ...{ name: "a", epoch: null, version: "1", release: null, arch: null, status: "installed", source: null },
  ...{ size: null, vendor: null, license: null, installed_at: null },
};

it.each<[PackageFormat, Partial<Installed>, string, string | null]>([
  [
    "deb",
    { name: "zlib1g", epoch: 1, version: "1.2.13.dfsg", release: "1", arch: "amd64", source: "zlib" },
    "debian 12",
    "pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64&distro=debian-12&upstream=zlib",
  ],
  [
    "deb",
    { name: "libstdc++6", version: "12.2.0", release: "14+deb12u1", source: "libstdc++6" },
    "debian 12",
    "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?distro=debian-12",
  ],
  [
    "rpm",
    { name: "curl", epoch: 1, version: "7.50.3", release: "1.fc25", arch: "i386", source: "curl" },
    "fedora 25",
    "pkg:rpm/fedora/curl@7.50.3-1.fc25?arch=i386&distro=fedora-25&epoch=1",
  ],
  [
    "rpm",
    { name: "base", version: "1.0~rc1^2", release: "1" },
    "rhel 9.4",
    "pkg:rpm/rhel/base@1.0~rc1%5E2-1?distro=rhel-9.4",
  ],
  [
    "apk",
    { name: "curl", version: "7.83.0", release: "r0", arch: "x86", source: "curl" },
    "alpine 3.19.1",
    "pkg:apk/alpine/curl@7.83.0-r0?arch=x86&distro=alpine-3.19.1",
  ],
  [
    "pacman",
    { name: "pacman", epoch: 2, version: "6.0.1", release: "1", arch: "x86_64" },
    "arch",
    "pkg:alpm/arch/pacman@2:6.0.1-1?arch=x86_64&distro=arch",
  ],
  [
    "ebuild",
    { name: "app-shells/bash", version: "5.2_p26", release: "r3", arch: "x86_64" },
    "gentoo",
    "pkg:ebuild/app-shells/bash@5.2_p26-r3?arch=x86_64&distro=gentoo",
  ],
  [
    "apk",
    { name: "R", version: "4.3.2", release: "r0", arch: "x86_64", source: "R" },
    "alpine 3.19.1",
    "pkg:apk/alpine/r@4.3.2-r0?arch=x86_64&distro=alpine-3.19.1",
  ],
  ["rpm", { name: "ImageMagick", version: "7" }, "fedora 41", "pkg:rpm/fedora/ImageMagick@7?distro=fedora-41"],
  ["deb", {}, "", null],
])("%s: %j of %s is %s", (format, fields, release, expected) => {
  const [distro = "", version] = release.split(" ");
  expect(purlOf({ ...plain, ...fields }, format, { distro: distro || null, version: version ?? null })).toBe(expected);
});
