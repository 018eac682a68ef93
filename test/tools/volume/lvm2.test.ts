import { describe, expect, it } from "vitest";
import { openFileSystem } from "../../../core/filesystem/index.ts";
import { differences, dumpedFacts, fileSystemFacts } from "../../support/compare-tree.ts";
import { openStack } from "../../support/open-stack.ts";
import { volumeImages } from "../../support/volume-images/index.ts";

describe("LVM2 as the kernel sees it", () => {
  it("reads trees on linear and striped volumes over two disks, in whatever order they come", async () => {
    const { disks, found, told } = await volumeImages();
    for (const order of [
      [disks.pv0, disks.pv1],
      [disks.pv1, disks.pv0],
    ]) {
      await using stack = await openStack(order);
      expect([stack.warnings, stack.missing]).toEqual([[], []]);
      const { vg, lv } = JSON.parse(told.lvm).report[0];
      expect(stack.groups.map(({ name, uuid }) => [name, uuid])).toEqual([[vg[0].vg_name, vg[0].vg_uuid]]);
      expect(stack.devices.map(({ device, aliases, uuid, size }) => [device, ...aliases, uuid, String(size)])).toEqual(
        lv.map((each: Record<string, string>) => [each.lv_path, each.lv_dm_path, each.lv_uuid, each.lv_size]),
      );
      for (const name of ["root", "data"] as const) {
        const fs = await openFileSystem(stack.source(`/dev/vg0/${name}`));
        if (!fs) throw new Error(`no file system on ${name}`);
        const leaveOut = ["atime"] as const;
        expect(differences(await fileSystemFacts(fs, leaveOut), dumpedFacts(found[`lvm-${name}`], leaveOut))).toEqual(
          [],
        );
      }
    }
  });
});
