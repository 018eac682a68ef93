import { expect, it } from "vitest";
import { diskName, ourName, partitionName } from "../../../core/disk/names.ts";

it.each([
  [0, "/dev/sda"],
  [25, "/dev/sdz"],
  [26, "/dev/sdaa"],
  [701, "/dev/sdzz"],
  [702, "/dev/sdaaa"],
])("disk %i is %s", (index, name) => {
  expect(diskName(index)).toBe(name);
});

it("partitions of what ends in a digit have a p before their number", () => {
  expect(partitionName("/dev/sda", 1)).toBe("/dev/sda1");
  expect(partitionName("/dev/md127", 2)).toBe("/dev/md127p2");
});

it.each([
  ["/dev/vdb1", "/dev/sdb1"],
  ["/dev/xvda", "/dev/sda"],
  ["/dev/nvme1n1p2", "/dev/sdb2"],
  ["/dev/nvme0n1", "/dev/sda"],
  ["/dev/mmcblk0p1", "/dev/sda1"],
  ["/dev/md127p1", "/dev/md127p1"],
  ["/dev/nvme0n12", "/dev/nvme0n12"],
  ["/dev/vg0/root", "/dev/vg0/root"],
])("%s is %s here", (device, ours) => {
  expect(ourName(device)).toBe(ours);
});
