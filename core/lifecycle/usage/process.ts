import { readdir, readFile } from "node:fs/promises";
import type { Owner } from "../../host/owner.ts";
import { isAlive } from "../../host/owner.ts";

/** What the kernel tells of QEMU's process (proc(5)). */
export interface ProcessUsage {
  /** Seconds of processor time since it was started, all threads together. */
  readonly cpuSeconds: number;
  /** The same of each thread. */
  readonly threads: ReadonlyMap<number, number>;
  /** Bytes. */
  readonly residentBytes: number;
  /** Seconds since it was started. */
  readonly uptime: number;
}

/** USER_HZ: what /proc counts in, the same on every architecture that QEMU runs guests on. */
const TICKS = 100;

/** Seconds since a process was started; null where it has ended, or the system tells nothing. */
export async function uptimeOf(owner: Owner): Promise<number | null> {
  try {
    const stat = fieldsOf(await readFile(`/proc/${owner.pid}/stat`, "latin1"));
    return isAlive(owner) ? await sinceStart(stat) : null;
  } catch {
    return null;
  }
}

/** The 22nd field is when it was started, in ticks after the boot. */
async function sinceStart(stat: readonly string[]): Promise<number> {
  const sinceBoot = Number((await readFile("/proc/uptime", "latin1")).split(" ")[0]);
  return Math.max(0, sinceBoot - Number(stat[19]) / TICKS);
}

/** Null where the process has ended, or the system tells nothing. */
export async function processUsage(qemu: Owner): Promise<ProcessUsage | null> {
  const folder = `/proc/${qemu.pid}`;
  try {
    const stat = fieldsOf(await readFile(`${folder}/stat`, "latin1"));
    const status = await readFile(`${folder}/status`, "latin1");
    const uptime = await sinceStart(stat);
    const threads = await threadTimes(`${folder}/task`);
    // It may have ended meanwhile, and another begun with its number.
    if (!isAlive(qemu)) return null;
    return {
      cpuSeconds: cpuTime(stat),
      threads,
      residentBytes: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024,
      uptime,
    };
  } catch {
    return null;
  }
}

async function threadTimes(folder: string): Promise<ReadonlyMap<number, number>> {
  const found = await Promise.all(
    (await readdir(folder)).map(async (id) => {
      const text = await readFile(`${folder}/${id}/stat`, "latin1").catch(() => null);
      return text === null ? [] : [[Number(id), cpuTime(fieldsOf(text))] as const];
    }),
  );
  return new Map(found.flat());
}

/** The fields from the third on: the second is the command's name, which may hold anything. */
const fieldsOf = (stat: string): readonly string[] => stat.slice(stat.lastIndexOf(")") + 2).split(" ");
/** utime and stime are the 14th and 15th. */
const cpuTime = (fields: readonly string[]): number => (Number(fields[11]) + Number(fields[12])) / TICKS;
