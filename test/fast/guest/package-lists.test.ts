import { describe, expect, it } from "vitest";
import { type PackageFormat, readPackageFormat, readPackages } from "../../../core/guest/packages/index.ts";
import { readRelease } from "../../../core/guest/release.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";

const read = async (format: PackageFormat, files: Record<string, string>) => {
  const tree = await memoryTree(files);
  expect(await readPackageFormat(tree, null)).toBe(format);
  return (await readPackages(tree, format)).map(({ purl, ...each }) => each);
};
const refused = (format: PackageFormat, files: Record<string, string>) =>
  expect(read(format, files)).rejects.toMatchObject({
    code: expect.stringMatching(/^E_(?:APK|PACMAN|PORTAGE|XBPS|OPKG|SLACKWARE)_SYNTAX$/),
  });

describe("a system with the tools of another family", () => {
  it.each([
    ["fedora", "rpm"],
    ["debian", "deb"],
    ["sles", "rpm"],
    ["alpine", "apk"],
    ["nobody-knows", "deb"],
  ] as const)("has the packages of its own: %s", async (id, format) => {
    const tree = await memoryTree({
      "/etc/os-release": `ID=${id}\nVERSION_ID=40\n`,
      "/var/lib/dpkg/status": "",
      "/var/lib/rpm/rpmdb.sqlite": "",
      "/lib/apk/db/installed": "",
    });
    expect(await readPackageFormat(tree, await readRelease(tree))).toBe(format);
  });
});

describe("apk", () => {
  const busybox = `C:Q1abc=
P:busybox
V:1.36.1-r15
A:x86_64
S:498432
I:962560
T:Size optimized toolbox of many common UNIX utilities
L:GPL-2.0-only
o:busybox
t:1700000000
F:bin
R:busybox
a:0:0:755
`;

  it("lists what it has installed, by name", async () => {
    const installed = `${busybox}\nP:alpine-baselayout-data\nV:3.4.3\no:alpine-baselayout\n\n`;
    expect(await read("apk", { "/lib/apk/db/installed": installed })).toMatchObject([
      { name: "alpine-baselayout-data", version: "3.4.3", release: null, source: "alpine-baselayout", size: null },
      {
        ...{ name: "busybox", epoch: null, version: "1.36.1", release: "r15", arch: "x86_64", status: "installed" },
        ...{ source: "busybox", size: 962560, license: "GPL-2.0-only" },
      },
    ]);
  });

  it("of a paragraph without a name is refused, and a long line is passed over", async () => {
    await refused("apk", { "/lib/apk/db/installed": "V:1\n\n" });
    const long = busybox.replace(/^T:.*$/m, `T:${"x".repeat(100_000)}`);
    expect(await read("apk", { "/lib/apk/db/installed": long })).toMatchObject([{ name: "busybox" }]);
  });
});

describe("pacman", () => {
  it("of a folder without a list is refused", async () => {
    await refused("pacman", { "/var/lib/pacman/local/a-1-1/files": "" });
    await refused("pacman", { "/var/lib/pacman/local/a-1-1/desc": "%VERSION%\n1-1\n" });
  });

  it("without packages has none", async () => {
    expect(await read("pacman", { "/var/lib/pacman/local/ALPM_DB_VERSION": "9\n" })).toEqual([]);
  });
});

describe("portage", () => {
  const place = "/var/db/pkg/app-shells/bash-5.2_p26-r3";

  it("lists what it has installed", async () => {
    const files = {
      [`${place}/SIZE`]: "8000000\n",
      [`${place}/LICENSE`]: "GPL-3+\n",
      [`${place}/CHOST`]: "x86_64-pc-linux-gnu\n",
      [`${place}/BUILD_TIME`]: "1700000000\n",
      "/var/db/pkg/sys-libs/gtk+-2-1.0/PF": "",
      "/var/db/pkg/sys-libs/-MERGING-x-1/PF": "",
    };
    expect(await read("ebuild", files)).toEqual([
      {
        ...{
          name: "app-shells/bash",
          epoch: null,
          version: "5.2_p26",
          release: "r3",
          arch: "x86_64",
          status: "installed",
        },
        ...{ source: null, size: 8000000, vendor: null, license: "GPL-3+", installed_at: "2023-11-14T22:13:20.000Z" },
      },
      expect.objectContaining({ name: "sys-libs/gtk+-2", version: "1.0", release: null }),
    ]);
  });

  it("of a name without a version is refused", async () => {
    await refused("ebuild", { "/var/db/pkg/app-shells/bash/PF": "" });
  });
});

// As libopkg/pkg.c (pkg_formatted_field) writes it, and OpenWrt's images have it.
describe("opkg", () => {
  const status = `Package: busybox
Version: 1.36.1-r2
Depends: libc
Status: install user installed
Architecture: x86_64
Conffiles:
 /etc/syslog.conf 0000
Installed-Size: 240000
Installed-Time: 1700000000

Package: gone
Version: 1.0-1
Status: deinstall ok not-installed
Architecture: all

Package: libc
Version: 1:1.2.5-r4
Status: install hold unpacked
Architecture: x86_64
Essential: yes

`;

  it.each(["/usr/lib/opkg/status", "/var/lib/opkg/status"])("lists what it has installed: %s", async (path) => {
    expect(await read("opkg", { [path]: status })).toEqual([
      {
        ...{ name: "busybox", epoch: null, version: "1.36.1", release: "r2", arch: "x86_64", status: "installed" },
        ...{ source: null, size: 240000, vendor: null, license: null, installed_at: "2023-11-14T22:13:20.000Z" },
      },
      expect.objectContaining({ name: "libc", epoch: 1, version: "1.2.5", release: "r4", status: "unpacked" }),
    ]);
  });

  it("of a paragraph without a name is refused", async () => {
    await refused("opkg", { "/usr/lib/opkg/status": "Version: 1\n\n" });
  });
});

// As lib/package_register.c and lib/plist.c have proplib write it: an element a line.
describe("xbps", () => {
  const plist = (inner: string) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "x.dtd">\n<plist version="1.0">\n<dict>\n${inner}</dict>\n</plist>\n`;
  const strings = (values: Record<string, string>) =>
    Object.entries(values).map(([key, value]) => `\t\t<key>${key}</key>\n\t\t<string>${value}</string>\n`);
  const one = (name: string, values: Record<string, string>, more = "") =>
    `\t<key>${name}</key>\n\t<dict>\n${strings(values).join("")}${more}\t</dict>\n`;
  const more = `\t\t<key>automatic-install</key>\n\t\t<true/>\n\t\t<key>installed_size</key>\n\t\t<integer>4321</integer>
\t\t<key>run_depends</key>\n\t\t<array>\n\t\t\t<string>glibc&gt;=2.36_1</string>\n\t\t</array>
\t\t<key>alternatives</key>\n\t\t<dict>\n\t\t\t<key>pkgver</key>\n\t\t\t<string>never-1_1</string>\n\t\t</dict>\n`;
  const ncurses = one(
    "ncurses-libs",
    {
      ...{
        architecture: "x86_64",
        "install-date": "2023-11-14 22:13 UTC",
        license: "MIT &amp; more",
        state: "installed",
      },
      ...{ pkgver: "ncurses-libs-6.4_1", "source-revisions": "ncurses:0123abc" },
    },
    more,
  );

  it("lists what it has installed", async () => {
    const alternatives = `\t<key>_XBPS_ALTERNATIVES_</key>\n\t<dict>\n\t\t<key>sh</key>\n\t\t<array>\n\t\t\t<string>dash</string>\n\t\t</array>\n\t</dict>\n`;
    const left = one("left", { pkgver: "left-1_1", state: "config-files" });
    const half = one("half", { pkgver: "half-1.0.1_12", state: "unpacked", "install-date": "2023-11-14 22:13 CET" });
    const files = { "/var/db/xbps/pkgdb-0.38.plist": plist(alternatives + ncurses + left + half) };
    expect(await read("xbps", files)).toEqual([
      expect.objectContaining({
        name: "half",
        version: "1.0.1_12",
        release: null,
        status: "unpacked",
        installed_at: null,
      }),
      {
        ...{ name: "ncurses-libs", epoch: null, version: "6.4_1", release: null, arch: "x86_64", status: "installed" },
        ...{ source: "ncurses", size: 4321, vendor: null, license: "MIT & more" },
        installed_at: "2023-11-14T22:13:00.000Z",
      },
    ]);
  });

  it("that is cut off, or names no version, is refused", async () => {
    const whole = plist(ncurses);
    await refused("xbps", { "/var/db/xbps/pkgdb-0.38.plist": whole.slice(0, -20) });
    await refused("xbps", { "/var/db/xbps/pkgdb-0.38.plist": whole.slice(0, whole.length / 2) });
    await refused("xbps", { "/var/db/xbps/pkgdb-0.38.plist": plist(one("a", { state: "installed" })) });
    await refused("xbps", { "/var/db/xbps/pkgdb-0.38.plist": "" });
  });
});

// As installpkg, a script of Slackware's pkgtools, writes each file (its lines `echo "PACKAGE NAME: ..."`).
describe("slackware", () => {
  const file = (size: string) =>
    `PACKAGE NAME:     x\nCOMPRESSED PACKAGE SIZE:     12K\nUNCOMPRESSED PACKAGE SIZE:     ${size}\nPACKAGE LOCATION: a.txz\nPACKAGE DESCRIPTION:\nx: y\nFILE LIST:\n./\n`;

  it.each(["/var/lib/pkgtools/packages", "/var/log/packages"])("lists what it has installed: %s", async (folder) => {
    const files = {
      [`${folder}/aaa_base-15.0-x86_64-3`]: file("2.8M"),
      [`${folder}/gtk+2-2.24.33-noarch-2_SBo`]: file("90 K"),
    };
    expect(await read("slackware", files)).toEqual([
      {
        ...{ name: "aaa_base", epoch: null, version: "15.0", release: "3", arch: "x86_64", status: "installed" },
        ...{ source: null, size: Math.round(2.8 * 2 ** 20), vendor: null, license: null, installed_at: null },
      },
      expect.objectContaining({ name: "gtk+2", version: "2.24.33", release: "2_SBo", arch: "noarch", size: 92160 }),
    ]);
  });

  it("of a name that is none of its packages' is refused", async () => {
    await refused("slackware", { "/var/log/packages/lost+found/x": "" });
  });
});
