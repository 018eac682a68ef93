import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Package } from "../../../core/guest/packages/package.ts";
import { guestkitText } from "../../support/cli.ts";
import { nixRoot, type PackageRoot, pacmanRoot, rpmRoots } from "../../support/package-roots/index.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("package-families");

/** The root as a disk; what the command line says of its packages. */
async function packagesOf(
  name: string,
  { root }: PackageRoot,
): Promise<{ format: string; packages: readonly Package[] }> {
  const [image, copy] = [join(dir, `${name}.img`), join(dir, name)];
  await run("cp", ["-a", root, copy]);
  for (const folder of ["etc", "usr/bin"]) await mkdir(join(copy, folder), { recursive: true });
  await writeFile(join(copy, "etc/os-release"), "ID=test\n");
  await run("mke2fs", ["-q", "-t", "ext4", "-d", copy, image, "64M"]);
  const report = JSON.parse(await guestkitText(["inspect", image, "--json", "--no-cache"]));
  expect(report.warnings).toEqual([]);
  return { format: report.package_format, packages: report.packages };
}

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
    expect(packages.map(({ name, version }) => `${name} ${version}`).sort()).toEqual(root.told);
    expect(packages.map(({ name }) => name)).toEqual(expect.arrayContaining(["copied", "openssl", "python3", "x"]));
  });
});
