import { describe, expect, it } from "vitest";
import { readDpkg } from "../../../core/guest/packages/dpkg/index.ts";
import { splitVersion } from "../../../core/guest/packages/dpkg/status-reader.ts";
import { readPackageFormat, readPackages } from "../../../core/guest/packages/index.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";

const STATUS = `Package: zlib1g
Status: install ok installed
Installed-Size: 168
Architecture: amd64
Multi-Arch: same
Source: zlib (1:1.2.13.dfsg-0)
Version: 1:1.2.13.dfsg-1
Description: compression library - runtime
 Version: this is text
 .
 zlib is a library.

Package: old
Status: deinstall ok config-files
Architecture: all
Version: 2.0

Package: gone
Status: purge ok not-installed
Architecture: amd64
`;

const zlib = {
  name: "zlib1g",
  epoch: 1,
  version: "1.2.13.dfsg",
  release: "1",
  arch: "amd64",
  status: "installed",
  source: "zlib",
  size: 168 * 1024,
  ...{ vendor: null, license: null, installed_at: null },
};
const read = async (files: Record<string, string>) => readDpkg(await memoryTree(files));

describe("dpkg", () => {
  it("lists packages with their fields, sorted, without those that are gone", async () => {
    expect(await read({ "/var/lib/dpkg/status": STATUS })).toEqual([zlib]);
  });

  it("reads a database larger than one piece, whatever it is cut at", async () => {
    const many = Array.from({ length: 3000 }, (_, index) => STATUS.replaceAll("zlib1g", `zlib-ü-${index}`)).join("\n");
    const found = await read({ "/var/lib/dpkg/status": many });
    expect(found?.length).toBe(3000);
    expect(found?.every(({ name }) => /^zlib-ü-\d+$/.test(name))).toBe(true);
  });

  it("reads status.d of images without dpkg, and updates that dpkg did not merge", async () => {
    const single = {
      "/var/lib/dpkg/status.d/tz": "Package: tz\nVersion: 1\n",
      "/var/lib/dpkg/status.d/tz.md5sums": "x",
    };
    expect(await read(single)).toMatchObject([{ name: "tz", status: "installed" }]);
    const update = "Package: zlib1g\nStatus: install ok half-configured\nArchitecture: amd64\nVersion: 1:1.3-1\n";
    const found = await read({ "/var/lib/dpkg/status": STATUS, "/var/lib/dpkg/updates/0001": update });
    expect(found?.[0]).toMatchObject({ name: "zlib1g", version: "1.3", status: "half-configured" });
  });

  it.each([
    ["zeros in its middle", STATUS.replace("Multi-Arch: same", "\0\0\0\0\0\0\0\0\0\0")],
    ["a line that is no field", STATUS.replace("Multi-Arch: same", "garbage")],
    ["a paragraph without a name", STATUS.replace("Package: old", "Section: old")],
  ])("refuses a database with %s", async (_, text) => {
    await expect(read({ "/var/lib/dpkg/status": text })).rejects.toMatchObject({ code: "E_DPKG_SYNTAX" });
  });

  it("splits versions at the first colon and the last hyphen", () => {
    expect(splitVersion("2:1-beta-3+b1")).toEqual({ epoch: 2, version: "1-beta", release: "3+b1" });
    expect(splitVersion("5.0")).toEqual({ epoch: null, version: "5.0", release: null });
    expect(splitVersion("0:5.0-1")).toEqual({ epoch: 0, version: "5.0", release: "1" });
  });
});

describe("packages", () => {
  it("are none without a package manager, and an error for a list that cannot be read", async () => {
    const none = await memoryTree({ "/etc/passwd": "" });
    expect(await readPackageFormat(none, null)).toBeNull();
    expect(await readPackages(none, null)).toEqual([]);
    const rpm = await memoryTree({ "/var/lib/rpm/Packages": "x" });
    expect(await readPackageFormat(rpm, null)).toBe("rpm");
    await expect(readPackages(rpm, "rpm")).rejects.toMatchObject({ code: "E_RPM_BDB" });
  });
});
