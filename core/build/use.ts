import type { BigIntStats } from "node:fs";
import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { locksOn } from "../kit/proc-locks.ts";
import { sharedLook } from "../kit/shared-look.ts";
import { inUse } from "../qemu/block/img.ts";

/** QEMU's locks lie on single bytes of an image: 100 and up for what is used, 200 and up for what is not shared. */
const QEMU_BYTES = { first: 100, last: 211 } as const;

/** Throws `E_IMAGE_IN_USE` where a QEMU process has the image open, naming it as far as this user may see. */
export async function demandUnused(path: string): Promise<void> {
  if (await isLocked(path)) throw inUse(path, undefined, (await holderOf(path)) ?? undefined);
}

/**
 * Whether QEMU's own locks lie on a file (`known`, where it was looked at already). Where the system does not tell (no
 * /proc), qemu-img will refuse later.
 */
export async function isLocked(path: string, known?: Pick<BigIntStats, "dev" | "ino">): Promise<boolean> {
  const found = known ?? (await stat(path, { bigint: true }).catch(() => null));
  const locks = await kernelLocks();
  if (!found || !locks) return false;
  return locksOn(locks, found).some(
    ({ kind, first, last }) => kind === "OFDLCK" && first >= QEMU_BYTES.first && last <= QEMU_BYTES.last,
  );
}

/** One reading serves all who wait for one. */
const kernelLocks = sharedLook(() => readFile("/proc/locks", "latin1").catch(() => null));

/** `process 123 (qemu-system-x86)`, or null where no process of ours has it open. */
async function holderOf(path: string): Promise<string | null> {
  for (const pid of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(pid)) continue;
    const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const name of names) {
      if ((await readlink(`/proc/${pid}/fd/${name}`).catch(() => "")) !== path) continue;
      const command = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "?");
      return `process ${pid} (${command.trim()})`;
    }
  }
  return null;
}
