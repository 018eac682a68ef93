import { byName } from "../../kit/by-name.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { bootOrder } from "../../machine/disks/boot-order.ts";
import type { Machine, MachineDisk } from "../../machine/machine.ts";
import { blockdev, hasWriteCache } from "../../qemu/block/blockdev.ts";
import type { Buses } from "../../qemu/options/buses.ts";
import { cdromId, diskId } from "../../qemu/options/id.ts";
import { device, type Properties } from "../../qemu/options/option.ts";
import type { Slots } from "../../qemu/options/slots.ts";
import type { Subject } from "./facts.ts";

interface Bus {
  readonly driver: string;
  readonly place: (buses: Buses, slots: Slots) => Properties;
  /** Whether a guest can be told that such a disk is read-only. */
  readonly readOnly: boolean;
}

/** How a disk is attached, by the declaration's `bus`. */
const BUSES: Readonly<Record<MachineDisk["bus"], Bus>> = {
  virtio: { driver: "virtio-blk-pci", place: (_, slots) => slots.storage(), readOnly: true },
  scsi: { driver: "scsi-hd", place: (buses) => buses.scsi(), readOnly: true },
  sata: { driver: "ide-hd", place: (buses) => buses.sata(), readOnly: false },
  ide: { driver: "ide-hd", place: (buses) => buses.ide(), readOnly: false },
  nvme: { driver: "nvme", place: (_, slots) => slots.storage(), readOnly: false },
  usb: { driver: "usb-storage", place: (buses) => buses.usb(), readOnly: true },
};

/** Disks and CD-ROM drives, in the order of their names. */
export function drives({ machine, facts }: Subject, buses: Buses, slots: Slots): string[] {
  const order = bootPlaces(machine);
  const disks = byName(machine.disks).flatMap(([key, disk]) => {
    const options = { readOnly: disk.read_only, discard: disk.discard, cache: disk.cache };
    return [
      ...blockdev(diskId(key), facts.disks[key] ?? [], options),
      ...diskDevice(key, disk, order.get(diskId(key)) ?? null, buses, slots),
    ];
  });
  const cdroms = byName(machine.cdroms).flatMap(([key]) => {
    const medium = facts.cdroms[key] ?? null;
    const node = medium
      ? blockdev(cdromId(key), [medium], { readOnly: true, discard: "ignore", cache: "writeback" })
      : [];
    const drive = medium ? cdromId(key) : null;
    return [
      ...node,
      ...cdromDevice(machine, { id: cdromId(key), drive, bootindex: order.get(cdromId(key)) ?? null }, buses),
    ];
  });
  return [...disks, ...cdroms];
}

function diskDevice(key: string, disk: MachineDisk, bootindex: number | null, buses: Buses, slots: Slots): string[] {
  const bus = BUSES[disk.bus];
  if (disk.read_only && !bus.readOnly) throw noReadOnly(key, disk.bus);
  const serial = disk.serial ?? key.slice(0, 20);
  const names = { id: diskId(key), drive: diskId(key), serial, bootindex, ...sectors(disk.sector_size) };
  return device(bus.driver, { ...names, "write-cache": hasWriteCache(disk.cache), ...bus.place(buses, slots) });
}

/** Sectors of 512 bytes are QEMU's own choice. */
function sectors(size: number): Properties {
  return size === 4096 ? { logical_block_size: size, physical_block_size: size } : {};
}

/**
 * A guest with virtio disks can read a CD-ROM on virtio-scsi, and some have nothing else (Debian's cloud kernel lacks
 * AHCI); any other gets the chipset's own drive.
 */
function cdromDevice(machine: Machine, names: Properties, buses: Buses): string[] {
  const isVirtio = Object.values(machine.disks).some(({ bus }) => bus === "virtio" || bus === "scsi");
  if (isVirtio) return device("scsi-cd", { ...names, ...buses.scsi() });
  return device("ide-cd", { ...names, ...(machine.machine === "pc" ? buses.ide() : buses.sata()) });
}

/** The places that are declared, then the disks in their order, then the CD-ROM drives; counted from 1. */
export function bootPlaces({ disks, cdroms }: Machine): ReadonlyMap<string, number> {
  const all = [
    ...bootOrder(disks).map(([key, { boot_order }]) => ({ id: diskId(key), place: boot_order })),
    ...byName(cdroms).map(([key, { boot_order }]) => ({ id: cdromId(key), place: boot_order })),
  ];
  const sorted = all.toSorted((one, other) => (one.place ?? Infinity) - (other.place ?? Infinity) || 0);
  return new Map(sorted.map(({ id }, at) => [id, at + 1]));
}

function noReadOnly(key: string, bus: string): GuestkitError {
  return new GuestkitError("E_DISK_READ_ONLY", `Cannot attach disk "${key}" read-only: ${bus} knows no such disks`, {
    at: { field: ["disks", key, "read_only"] },
    help: 'Use the bus "virtio" or "scsi".',
  });
}
