import { describe, expect, it } from "vitest";
import { openFileSystem } from "../../../core/filesystem/index.ts";
import { differences, dumpedFacts, fileSystemFacts } from "../../support/compare-tree.ts";
import { openStack } from "../../support/open-stack.ts";
import { volumeImages } from "../../support/volume-images/index.ts";

describe("md as the kernel sees it", () => {
  it.each(["both members", "the first one", "the second one"])("reads the tree on a mirror of %s", async (which) => {
    const { disks, found } = await volumeImages();
    const given =
      which === "both members" ? [disks.md0, disks.md1] : [which === "the first one" ? disks.md0 : disks.md1];
    await using stack = await openStack(given);
    const lost = which === "the first one" ? 1 : 0;
    const isWhole = given.length === 2;
    expect(stack.missing).toEqual(isWhole ? [] : [`disk ${lost}`]);
    expect(stack.warnings).toEqual(isWhole ? [] : [`/dev/md127 is degraded: it lacks 1 of its 2 disks (${lost})`]);
    expect(stack.devices).toMatchObject([
      {
        kind: "array",
        device: "/dev/md127",
        aliases: ["/dev/md/mirror"],
        uuid: "6d640000-0000-0000-0000-000000000001",
        size: 48128 * 1024,
        details: { level: "raid1", disks: 2, metadata: "1.2" },
      },
    ]);
    const fs = await openFileSystem(stack.source("/dev/md127"));
    if (!fs) throw new Error("no file system");
    const leaveOut = ["atime"] as const;
    expect(differences(await fileSystemFacts(fs, leaveOut), dumpedFacts(found.md, leaveOut))).toEqual([]);
  });
});
