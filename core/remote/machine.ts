import type { Machine } from "../engine/engine-face.ts";
import { GuestkitError } from "../kit/errors.ts";

/**
 * Demands that a thing is looked for on the machine that it was made on. What a state says of that may be missing (an
 * earlier release wrote it), and a machine may have no id: then its name alone counts. Throws `E_HOST_CHANGED`.
 */
export function demandMachine(thing: string, kept: Machine | null, now: Machine): void {
  if (kept === null) return;
  const isSame = kept.id !== null && now.id !== null ? kept.id === now.id : kept.host === now.host;
  if (isSame) return;
  const message = `Cannot look for "${thing}": it was made on ${named(kept)}, and the settings name ${named(now)}, which is another machine`;
  throw new GuestkitError("E_HOST_CHANGED", message, {
    help: `Set host back to ${kept.host === null ? "nothing" : `"${kept.host}"`}; or, where the thing was moved, take it out of the state and import it; or destroy it there first.`,
  });
}

const named = ({ host, id }: Machine): string =>
  `${host === null ? "the machine that guestkit ran on" : `host "${host}"`} (${id?.slice(0, 12) ?? "no machine-id"})`;
