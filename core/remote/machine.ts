import type { Machine } from "../engine/engine-face.ts";
import { isSameMachine } from "../engine/machine.ts";
import { GuestkitError } from "../kit/errors.ts";

/**
 * Demands that a thing is looked for on the machine that it was made on. What a state says of that may be missing (an
 * earlier release wrote it), and a machine may have no id: then its name alone counts. Throws `E_HOST_CHANGED`.
 */
export function demandMachine(thing: string, kept: Machine | null, now: Machine): void {
  if (kept === null || isSameMachine(kept, now)) return;
  const message = `Cannot look for "${thing}": it was made on ${named(kept)}, and the settings name ${named(now)}, which is another machine`;
  throw new GuestkitError("E_HOST_CHANGED", message, {
    help: `Set host back to ${kept.host === null ? "nothing" : `"${kept.host}"`}; or, where the thing was moved, take it out of the state and import it; or destroy it there first.`,
  });
}

/** Demands the machine of a plan for what is to be made: what it was planned by is of that one. Throws `E_HOST_CHANGED`. */
export function demandPlanned(planned: Machine, now: Machine): void {
  if (isSameMachine(planned, now)) return;
  const message = `Cannot carry out the plan: it was made for ${named(planned)}, and the settings name ${named(now)}, which is another machine`;
  throw new GuestkitError("E_HOST_CHANGED", message, {
    help: "Plan it anew; or apply it with the settings that it was planned with.",
  });
}

const named = ({ host, id }: Machine): string =>
  `${host === null ? "the machine that guestkit ran on" : `host "${host}"`} (${id?.slice(0, 12) ?? "no machine-id"})`;
