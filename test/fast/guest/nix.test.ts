import { describe, expect, it } from "vitest";
import { readPackages } from "../../../core/guest/packages/index.ts";
import { readRelease } from "../../../core/guest/release.ts";
import { type Content, memoryTree } from "../../support/memory-filesystem.ts";
import { nixTree, type Paths, pathOf, profileOf } from "../../support/nix-store.ts";

const SYSTEM: Paths = [
  [
    "nixos-system-host-23.11",
    "nixos-system-host-23.11.drv",
    ["openssl-3.0.12-bin", "unit-a.service", "nixos-system-host-23.11"],
  ],
  ["openssl-3.0.12-bin", "openssl-3.0.12.drv", ["openssl-3.0.12"]],
  ["openssl-3.0.12", "openssl-3.0.12.drv", ["openssl-3.0.12-bin"]],
  ["unit-a.service", "unit-a.service.drv", ["copied-1.0"]],
  ["copied-1.0", null, ["kept-1.0.drv"]],
  ["kept-1.0.drv", null, []],
  ["left-behind-2.0", "left-behind-2.0.drv", []],
];
const PROFILES = "/nix/var/nix/profiles";
const profile = profileOf(SYSTEM);
const namesIn = async (paths: Paths, links: Record<string, Content>) =>
  (await readPackages(await nixTree(paths, links), "nix")).map(
    ({ name, version, size }) => `${name} ${version} ${size}`,
  );

describe("nix", () => {
  it("lists what the system's profile needs, outputs of one derivation as one, without what has no version", async () => {
    const tree = await nixTree(SYSTEM);
    const packages = await readPackages(tree, "nix", { distro: "nixos", version: "23.11" });
    expect(packages.map(({ name, version, size }) => `${name} ${version} ${size}`)).toEqual([
      "copied 1.0 100",
      "nixos-system-host 23.11 100",
      "openssl 3.0.12 200",
    ]);
    expect(packages[0]).toMatchObject({
      installed_at: "2023-11-14T22:13:20.000Z",
      purl: null,
      epoch: null,
      arch: null,
    });
  });

  it("goes by the profile of all users where there is no system's", async () => {
    const links = { [`${PROFILES}/default`]: { link: pathOf("copied-1.0") } };
    expect(await namesIn(SYSTEM, links)).toEqual(["copied 1.0 100"]);
  });

  it.each<[string, Paths, Record<string, Content>, string]>([
    ["no profile", SYSTEM, {}, "PROFILE"],
    ["a profile that leads elsewhere", SYSTEM, { [`${PROFILES}/system`]: { link: "/etc" } }, "PROFILE"],
    ["a profile that leads to itself", SYSTEM, { [`${PROFILES}/system`]: { link: "system" } }, "PROFILE"],
    ["a profile that the database does not know", SYSTEM.slice(1), profile, "CLOSURE"],
    ["a path that is referred to and not there", SYSTEM.slice(0, 3), profile, "CLOSURE"],
  ])("with %s is refused", async (_, paths, links, code) => {
    await expect(namesIn(paths, links)).rejects.toMatchObject({ code: `E_NIX_${code}` });
  });

  it("tells its release where no boot has put it below /etc yet", async () => {
    const release = {
      "/nix/store/x/etc/os-release": "ID=nixos\nVERSION_ID=23.11\n",
      "/nix/var/nix/profiles/system": { link: "/nix/store/x" },
    };
    expect(await readRelease(await memoryTree(release))).toMatchObject({ distro: "nixos", version: "23.11" });
    const mark = await memoryTree({ "/etc/NIXOS": "" });
    expect(await readRelease(mark)).toMatchObject({ distro: "nixos", version: null, product_name: null });
  });
});
