import { ownOwner } from "../host/owner.ts";
import type { Leash } from "../qemu/process/launcher.ts";
import type { MachineFolder } from "./folder.ts";
import { readMark } from "./mark.ts";

/** What QEMU of a disposable is held by; null for a machine that stays. One that somebody else starts again goes with its owner, not with that one. */
export async function leashOf(folder: Pick<MachineFolder, "path">): Promise<Leash | null> {
  const mark = await readMark(folder);
  if (!mark) return null;
  const own = ownOwner();
  return { fileLimit: mark.file_limit, tied: mark.owner.pid === own.pid && mark.owner.tag === own.tag };
}
