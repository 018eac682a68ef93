import { readdir, readFile } from "node:fs/promises";

/** Bytes since the start of what counts them, as the guest sees them. */
export interface Traffic {
  readonly received: number;
  readonly sent: number;
}

/**
 * What went through a process's tap devices; null where it has none. QEMU's helper for bridges names the device as the
 * kernel does: it is known by the open file.
 */
export async function tapTraffic(pid: number): Promise<Traffic | null> {
  const devices = await tapsOf(pid);
  if (devices.length === 0) return null;
  const all = await Promise.all(devices.map(countersOf));
  return { received: sum(all.map(({ received }) => received)), sent: sum(all.map(({ sent }) => sent)) };
}

async function tapsOf(pid: number): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fdinfo`;
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(`${folder}/${name}`, "latin1").catch(() => "");
      return /^iff:\t([^/\s]{1,15})$/m.exec(text)?.[1] ?? [];
    }),
  );
  return [...new Set(found.flat())];
}

/** What the host sends into a tap is what the guest receives. */
async function countersOf(device: string): Promise<Traffic> {
  const read = async (name: string) =>
    Number(await readFile(`/sys/class/net/${device}/statistics/${name}`, "latin1").catch(() => "0"));
  return { received: await read("tx_bytes"), sent: await read("rx_bytes") };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
