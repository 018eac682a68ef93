import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pacmanRoot, rpmRoot } from "../../support/package-roots/index.ts";
import { inspectRoot } from "../../support/package-roots/inspect-root.ts";
import { linesOf, spelled } from "../../support/package-roots/rpm-lines.ts";
import { installedBy, nixRoot } from "../../support/package-roots/scripted.ts";
import { scratch } from "../../support/scratch.ts";

const dir = await scratch("package-families");

const packagesOf = (name: string, root: Parameters<typeof inspectRoot>[1]) => inspectRoot(join(dir, name), root);

describe("packages of rpm", () => {
  it("are those that rpm lists", async () => {
    const root = await rpmRoot();
    const { format, packages } = await packagesOf("rpm", root);
    expect(format).toBe("rpm");
    expect(spelled(packages)).toEqual(root.told);
  });

  it.each(["dnf", "zypper"] as const)("that %s installed are those that rpm lists in its root", async (tool) => {
    const root = await installedBy(tool);
    const { format, packages } = await packagesOf(tool, root);
    expect(format).toBe("rpm");
    expect(spelled(packages)).toEqual(linesOf(root.told.join("\n")));
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
