import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { BlockNode } from "../qemu/block/node.ts";
import type { Qmp } from "../qemu/qmp/index.ts";

/** A disk of a job. */
export interface JobDisk {
  /** All of it: QEMU probes nothing and follows no header. */
  readonly node: BlockNode;
  readonly isWritable: boolean;
}

/** The guest is told it as a serial number (VIRTIO_BLK_ID_BYTES, of which none is left for a NUL). */
const NAME = /^[a-z0-9][a-z0-9-]{0,19}$/;
/** Slots of the PCI bus, with what the machine needs itself. */
const MOST = 24;
/** The guest lets go of a disk as soon as its kernel runs; one that hangs never does. */
const UNPLUG_MS = 60_000;

/** Throws `E_APPLIANCE_DISK` of what no disk can be called, and of more than the bus has room for. */
export function demandDisks(disks: Readonly<Record<string, JobDisk>>): void {
  const names = Object.keys(disks);
  const wrong = names.find((name) => !NAME.test(name));
  if (wrong !== undefined) throw fault(`"${wrong}" is no name for a disk`);
  if (names.length > MOST) throw fault(`${names.length} disks are more than the ${MOST} that it has room for`);
}

/** Plugs them in, in their order: what a job writes is discarded where the guest discards, and zeros leave holes. */
export async function plug(qmp: Qmp, disks: Readonly<Record<string, JobDisk>>): Promise<void> {
  for (const [name, { node, isWritable }] of Object.entries(disks)) {
    const options = { "read-only": !isWritable, ...(isWritable && { discard: "unmap", "detect-zeroes": "unmap" }) };
    await qmp.execute("blockdev-add", {
      ...node,
      ...options,
      "node-name": `node-${name}`,
      driver: String(node.driver),
    });
    // Not SCSI: its driver refuses what would write to the volumes of a disk that is for reading alone.
    const device = { driver: "virtio-blk-pci", id: `disk-${name}`, drive: `node-${name}`, serial: name };
    await qmp.execute("device_add", device);
  }
}

/** Unplugs them: what was written is in their files then. */
export async function unplug(qmp: Qmp, disks: Readonly<Record<string, JobDisk>>, { signal }: Context): Promise<void> {
  for (const name of Object.keys(disks)) {
    const gone = qmp.waitForEvent("DEVICE_DELETED", {
      signal,
      timeoutMs: UNPLUG_MS,
      where: (data) => data.device === `disk-${name}`,
    });
    await qmp.execute("device_del", { id: `disk-${name}` });
    await gone;
    await qmp.execute("blockdev-del", { "node-name": `node-${name}` });
  }
}

const fault = (why: string): GuestkitError =>
  new GuestkitError("E_APPLIANCE_DISK", `Cannot give the appliance its disks: ${why}`, {
    help: "Small letters, digits and hyphens, at most 20.",
  });
