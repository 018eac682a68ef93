import { describe, expect, it } from "vitest";
import { type PackageFormat, readPackageFormat, readPackages } from "../../../core/guest/packages/index.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";

const read = async (format: PackageFormat, files: Record<string, string>) => {
  const tree = await memoryTree(files);
  expect(await readPackageFormat(tree)).toBe(format);
  return (await readPackages(tree, format)).map(({ purl, ...each }) => each);
};
const refused = (format: PackageFormat, files: Record<string, string>) =>
  expect(read(format, files)).rejects.toMatchObject({
    code: expect.stringMatching(/^E_(?:APK|PACMAN|PORTAGE)_SYNTAX$/),
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
