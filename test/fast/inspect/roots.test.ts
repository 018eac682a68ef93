import { describe, expect, it } from "vitest";
import type { DeviceNode } from "../../../core/disk/node.ts";
import { findDevice } from "../../../core/inspect/find-device.ts";
import { findRoots } from "../../../core/inspect/roots.ts";
import { Budget } from "../../../core/kit/budget.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { deviceNode } from "../../support/device-node.ts";
import { type Content, MemoryFileSystem } from "../../support/memory-filesystem.ts";

function entry(number: number, files: Record<string, Content> | null, more: Partial<DeviceNode> = {}): DeviceNode {
  const fs = files && new MemoryFileSystem(files);
  const partition = {
    number,
    start: 0,
    size: 0,
    type: "0x83",
    name: `part ${number}`,
    uuid: `0000000A-0${number}`,
    bootable: false,
    source: memorySource(new Uint8Array(0)),
  };
  const named = { type: "ext4", label: `label ${number}`, uuid: `UUID-${number}` };
  const own = { kind: "partition", device: `/dev/sda${number}`, on: ["/dev/sda"], partition, fs } as const;
  return deviceNode({ ...own, ...named, free: 0, ...more });
}

const SYSTEM = { "/usr/bin/x": "", "/etc/os-release": "ID=debian\n", "/boot/": "", "/home/": "", "/var/": "" };

describe("devices of fstab", () => {
  const all = [entry(1, {}), entry(2, {})];

  it.each([
    ["UUID=uuid-2", 2],
    ["UUID=UUID-2", 2],
    ["LABEL=label 2", 2],
    ["PARTUUID=0000000a-02", 2],
    ["PARTLABEL=part 2", 2],
    ["/dev/disk/by-uuid/UUID-1", 1],
    ["/dev/disk/by-label/label\\x202", 2],
    ["/dev/disk/by-partlabel/part\\x201", 1],
    ["/dev/sda2", 2],
    ["/dev/vda1", 1],
    ["/dev/xvda2", 2],
    ["/dev/nvme0n1p2", 2],
    ["/dev/mmcblk0p1", 1],
    ["/dev/sdb1", null],
    ["/dev/sda3", null],
    ["/dev/nvme0n12", null],
    ["/dev/mapper/vg-root", null],
    ["LABEL=other", null],
  ])("%s is partition %s", (spec, number) => {
    expect(findDevice(spec, all)?.partition?.number ?? null).toBe(number);
  });

  it("/dev/vda without a number is the disk itself", () => {
    expect(findDevice("/dev/vda", [deviceNode({ fs: new MemoryFileSystem({}) })])).not.toBeNull();
  });
});

describe("roots", () => {
  it("are assembled by fstab, and what is missing is named", async () => {
    const fstab = [
      "UUID=UUID-1 / ext4 ro",
      "LABEL=label\\0403 /boot/efi vfat defaults",
      "/dev/vda2 /boot ext4 defaults",
      "UUID=no /var ext4 defaults",
      "/dev/sda4 /home xfs defaults",
      "/dev/sda5 /home/x ext4 defaults",
      "/dev/sda2 /nowhere ext4 defaults",
      "tmpfs /tmp tmpfs defaults",
      "/dev/sda9 none swap sw",
      "/srv /mnt none bind",
    ];
    const damaged = new GuestkitError("E_TEST", "Cannot open it: damaged");
    const { roots, failed } = await findRoots(
      [
        entry(1, { ...SYSTEM, "/etc/fstab": fstab.join("\n") }),
        entry(2, { "/vmlinuz": "kernel", "/efi/": "" }),
        entry(3, { "/EFI/BOOT/BOOTX64.EFI": "loader" }),
        entry(4, null, { type: "xfs" }),
        entry(5, null, { error: damaged }),
      ],
      new Budget(),
    );
    expect(failed.size).toBe(0);
    expect(roots.length).toBe(1);
    expect(await roots[0]?.tree.readText("/boot/vmlinuz")).toBe("kernel");
    expect(await roots[0]?.tree.readText("/boot/efi/EFI/BOOT/BOOTX64.EFI")).toBe("loader");
    expect(roots[0]?.mounts).toEqual([
      { target: "/", device: "/dev/sda1", type: "memory", options: "ro" },
      { target: "/boot/efi", device: "/dev/sda3", type: "memory", options: "defaults" },
      { target: "/boot", device: "/dev/sda2", type: "memory", options: "defaults" },
    ]);
    expect(roots[0]?.warnings).toEqual([
      "/dev/sda1: /var is not mounted: UUID=no is not on this disk",
      "/dev/sda1: /home is not mounted: /dev/sda4: xfs is not read yet",
      "/dev/sda1: /home/x is not mounted: /dev/sda5: Cannot open it: damaged",
      "/dev/sda1: /nowhere is not mounted: there is no such directory",
    ]);
  });

  it("are none without /etc or programs, and one for each system", async () => {
    const files = [{ "/etc/passwd": "" }, { "/usr/bin/x": "" }, { "/EFI/x": "" }];
    expect(
      (
        await findRoots(
          files.map((each, index) => entry(index + 1, each)),
          new Budget(),
        )
      ).roots,
    ).toEqual([]);
    const two = await findRoots([entry(1, SYSTEM), entry(2, {}), entry(3, SYSTEM)], new Budget());
    expect(two.roots.map(({ device }) => device)).toEqual(["/dev/sda1", "/dev/sda3"]);
  });

  it("that cannot be read are named, not passed over in silence", async () => {
    const broken = new MemoryFileSystem(SYSTEM);
    broken.stat = async () => {
      throw new GuestkitError("E_TEST", "Cannot read inode 2: checksum is wrong");
    };
    const { roots, failed } = await findRoots([entry(1, null, { fs: broken }), entry(2, SYSTEM)], new Budget());
    expect(roots.map(({ device }) => device)).toEqual(["/dev/sda2"]);
    expect(failed.get("/dev/sda1")?.message).toContain("checksum is wrong");
  });
});
