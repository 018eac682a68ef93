import type { BigIntStats } from "node:fs";
import { readFile } from "node:fs/promises";
import { lookAt } from "../host/look.ts";
import { locksOn } from "../kit/proc-locks.ts";
import { sharedLook } from "../kit/shared-look.ts";
import { inUse } from "../qemu/block/img.ts";
import { holderOf } from "../qemu/process/process-holder.ts";

/** QEMU's locks lie on single bytes of an image: 100 and up for what is used, 200 and up for what is not shared. */
const QEMU_BYTES = { first: 100, last: 211 } as const;

/** Throws `E_IMAGE_IN_USE` where a QEMU process has the image open, naming it as far as this user may see. */
export async function demandUnused(path: string): Promise<void> {
  if (await isLocked(path)) throw inUse(path, undefined, (await holderOf(new Set([path]))) ?? undefined);
}

/**
 * Whether QEMU's own locks lie on a file (`known`, where it was looked at already). Where the system does not tell (no
 * /proc), qemu-img will refuse later.
 */
export async function isLocked(path: string, known?: Pick<BigIntStats, "dev" | "ino">): Promise<boolean> {
  const found = known ?? lookAt(path);
  const locks = await kernelLocks();
  if (!found || !locks) return false;
  return locksOn(locks, found).some(
    ({ kind, first, last }) => kind === "OFDLCK" && first >= QEMU_BYTES.first && last <= QEMU_BYTES.last,
  );
}

/** One reading serves all who wait for one. */
const kernelLocks = sharedLook(() => readFile("/proc/locks", "latin1").catch(() => null));
