import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { mayBeThere } from "../host/look.ts";
import { companionName } from "../host/partial.ts";

/**
 * A redo log is a qcow2 overlay beside the image, and the digests of what it is laid over behind that. Under its own name
 * (`.NAME.guestkit-redo`) it is whole and, where the image's record announced it, binding: the image is what the overlay
 * shows, and committing it may be done again and again until it is gone.
 */
export function redoPath(target: string): string {
  return join(dirname(target), `.${companionName(target)}.guestkit-redo`);
}

/** Whether something has the name of the image's redo log. Whether it counts, `redoState` tells. */
export async function mayHaveRedo(target: string): Promise<boolean> {
  return mayBeThere(redoPath(target));
}

/** The path beside which something like a redo log of the image lies: its own, or where a link of that name leads. */
export async function redoTarget(path: string): Promise<string | null> {
  if (await mayHaveRedo(path)) return path;
  const real = await realpath(path).catch(() => path);
  return real !== path && (await mayHaveRedo(real)) ? real : null;
}
