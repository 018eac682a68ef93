import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openGuestTree } from "../../../core/build/guest-disk.ts";
import { open } from "../../../core/inspect/index.ts";
import { guestkitText } from "../../support/cli.ts";
import { partitionedDisk } from "../../support/disk.ts";
import type { PackageRoot } from "../../support/package-roots/index.ts";
import { ostreeRoot } from "../../support/package-roots/scripted.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("deployments");
const image = (name: string) => join(dir, `${name}.img`);
const linux = "0FC63DAF-8483-4772-8E79-3D69D8477DE4";

let made: PackageRoot;
beforeAll(async () => {
  made = await ostreeRoot();
  await run("mke2fs", ["-q", "-t", "ext4", "-d", made.root, image("whole"), "64M"]);
  const [without, boot] = [join(dir, "without"), join(dir, "boot")];
  await run("cp", ["-a", made.root, without]);
  await run("mv", [join(without, "boot"), boot]);
  await run("mkdir", [join(without, "boot")]);
  await run("mke2fs", ["-q", "-t", "ext4", "-d", without, image("bootless"), "64M"]);
  await partitionedDisk(image("parts"), "gpt", [
    { size: 16, type: linux, script: `mke2fs -q -t ext4 -d ${boot} "$1"` },
    { size: 64, type: linux, script: `mke2fs -q -t ext4 -d ${without} "$1"` },
  ]);
});

const inspected = async (name: string) =>
  JSON.parse(await guestkitText(["inspect", image(name), "--json", "--no-cache"]));

describe("a system that OSTree deployed", () => {
  it.each([
    ["whole", ["/dev/sda", "/dev/sda", "/dev/sda"]],
    ["parts", ["/dev/sda2", "/dev/sda1", "/dev/sda2"]],
  ] as const)("is the deployment that its boot loader starts: %s", async (name, [root, boot, own]) => {
    const report = await inspected(name);
    expect(report.warnings).toEqual([]);
    expect(report.operating_systems).toHaveLength(1);
    // The one that starts stands first.
    expect(made.told[0]).toMatch(/^fedora \w+\.0$/);
    const [, version] = /Version: (.*)/.exec(made.told[1] ?? "") ?? [];
    expect(report).toMatchObject({
      ...{ distro: "fedora", product_variant: "silverblue", hostname: `silver-${version}`, root },
      ...{ package_format: "rpm", package_management: "rpm-ostree" },
      kernels: [{ version: "6.8.5-301.fc40", image: "/lib/modules/6.8.5-301.fc40/vmlinuz" }],
    });
    expect(report.packages).toHaveLength(31);
    const mounts = report.mounts.map(({ target, device }: Record<string, string>) => `${target} ${device}`);
    expect(mounts).toEqual([`/ ${root}`, `/var ${own}`, `/boot ${boot}`]);
    expect(await guestkitText(["cat", image(name), "/var/lib/own/file"])).toBe("of the machine\n");
    expect(await guestkitText(["cat", image(name), "/boot/loader/entries/ostree-2-fedora.conf"])).toContain(version);
  });

  it("is the newest deployment, with a warning, where no boot loader's entry names one", async () => {
    const report = await inspected("bootless");
    expect(report.hostname).toBe("silver-40.2");
    expect(report.warnings).toEqual([expect.stringMatching(/which of its 2 deployments starts: the newest is shown$/)]);
  });

  it("is written to by no edit from outside: its root is no file system of its own", async () => {
    await using disk = await open(image("parts"));
    const guest = await openGuestTree(disk);
    expect(() => guest?.wayTo(guest.tree.root.fs)).toThrow(
      expect.objectContaining({ code: "E_FILES_DEVICE", message: expect.stringContaining("deployment of OSTree's") }),
    );
  });
});
