/** A share within a folder that a guest may write to: that guest could put a link in the place of anything on its way. */
import { lstat, realpath } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { isWithin } from "../host/within.ts";
import type { Settings } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { machineFolder } from "../machine/folder.ts";
import { listMachines } from "../machine/list.ts";
import { readMemory } from "../machine/memory.ts";
import { type Attachment, readRun } from "../machine/run.ts";
import { attachmentsOf } from "./attachment.ts";

/** A folder of the host that a guest may write to, links resolved. */
interface GuestFolder {
  readonly machine: string;
  readonly path: string;
}

/**
 * Demands that no guest chose which folder of the host a share is: no link lies on its way where one may write. Throws
 * `E_SHARE_NESTED`.
 */
export async function demandOwnWay(wanted: readonly Attachment[], settings: Settings): Promise<void> {
  if (wanted.length === 0) return;
  const folders = await guestFolders(settings);
  for (const { tag, share } of wanted) {
    for (const step of stepsOf(resolve(share.path))) {
      const above = await realpath(dirname(step)).catch(() => null);
      const guest = above === null ? undefined : folders.find(({ path }) => isWithin(above, path));
      if (guest && (await lstat(step).catch(() => null))?.isSymbolicLink()) throw chosen(tag, step, guest);
    }
  }
}

async function guestFolders(settings: Settings): Promise<readonly GuestFolder[]> {
  const found: GuestFolder[] = [];
  for (const machine of await listMachines(settings)) {
    const folder = machineFolder(machine, settings);
    const declared = Object.values((await readMemory(folder).catch(() => null))?.machine.shares ?? {});
    const attached = attachmentsOf(await readRun(folder).catch(() => null)).map(({ share }) => share);
    for (const { path, read_only } of [...declared, ...attached]) {
      const real = read_only ? null : await realpath(path).catch(() => null);
      if (real !== null) found.push({ machine, path: real });
    }
  }
  return found;
}

/** `/a/b` has `/a` and `/a/b`. */
function stepsOf(path: string): readonly string[] {
  const above = dirname(path);
  return above === path ? [] : [...stepsOf(above), path];
}

function chosen(tag: string, link: string, { machine, path }: GuestFolder): GuestkitError {
  const message = `Cannot share "${tag}": "${link}" is a link, and the guest of "${machine}" may have laid it there`;
  return new GuestkitError("E_SHARE_NESTED", message, {
    at: { file: link, field: ["shares", tag, "path"] },
    help: `Look at it (ls -l "${link}"). Share a folder outside of "${path}", or that one with read_only: true.`,
  });
}
