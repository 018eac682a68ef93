import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pacmanRoot, rpmRoots } from "../../support/package-roots/index.ts";
import { inspectRoot } from "../../support/package-roots/inspect-root.ts";
import { installedBy, nixRoot } from "../../support/package-roots/scripted.ts";
import { scratch } from "../../support/scratch.ts";

const dir = await scratch("package-families");

const packagesOf = (name: string, root: Parameters<typeof inspectRoot>[1]) => inspectRoot(join(dir, name), root);

const orNone = (value: string | number | null) => value ?? "(none)";

describe("packages of rpm", () => {
  it.each(["sqlite", "bdb"] as const)("in %s are those that rpm lists", async (kind) => {
    const root = (await rpmRoots())[kind];
    const { format, packages } = await packagesOf(kind, root);
    const spelled = packages.map(
      ({ name, epoch, version, release, arch, size, vendor, license, installed_at, source }) =>
        [
          ...[name, orNone(epoch), version, release, arch, size, orNone(vendor), license],
          Date.parse(installed_at ?? "") / 1000,
          `${source}-${source === "base" ? "1.0~rc1" : 4}-1.src.rpm`,
        ].join("|"),
    );
    expect(format).toBe("rpm");
    expect(spelled.sort()).toEqual(root.told);
  });
});

describe.each(["dnf", "zypper"] as const)("packages that %s installed", (tool) => {
  it("are those that rpm lists in its root", async () => {
    const root = await installedBy(tool);
    const { format, packages } = await packagesOf(tool, root);
    const spelled = packages.map(({ name, epoch, version, release, arch, size, vendor, license, installed_at }) =>
      [name, epoch, version, release, arch, size, vendor, license, Date.parse(installed_at ?? "") / 1000].join("|"),
    );
    expect(format).toBe("rpm");
    expect(spelled.sort()).toEqual(root.told);
  });
});

describe("packages of pacman", () => {
  it("are those that pacman lists", async () => {
    const root = await pacmanRoot();
    const { format, packages } = await packagesOf("pacman", root);
    expect(format).toBe("pacman");
    const spelled = packages.map(
      ({ name, epoch, version, release }) => `${name} ${epoch === null ? "" : `${epoch}:`}${version}-${release}`,
    );
    expect(spelled).toEqual(root.told);
    expect(packages[0]).toMatchObject({ source: "family", arch: "any", size: 12345, license: "MIT AND custom" });
  });
});

describe("packages of Nix", () => {
  it("are what the system's profile needs, as Nix lists it", async () => {
    const root = await nixRoot();
    const { format, packages } = await packagesOf("nix", root);
    expect(format).toBe("nix");
    expect(packages.map(({ name, version }) => `${name} ${version}`).sort()).toEqual([...root.told].sort());
    expect(packages.map(({ name }) => name)).toEqual(expect.arrayContaining(["copied", "openssl", "python3", "x"]));
  });
});
