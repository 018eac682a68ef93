import type { EngineFace, Machine } from "@guestkit/core/engine";
import type { Raw } from "./struct.ts";

/** Beside a thing's properties in the state, by names that Pulumi shows to nobody. */
const MACHINE = "__machine";
const IMPORTED = "__imported";

/** What earlier releases made is where they ran: they knew no other machine. */
const UNTOLD: Machine = { host: null, id: null };

const isText = (value: unknown) => value === null || typeof value === "string";

const isMachine = (value: unknown): value is Machine =>
  typeof value === "object" &&
  value !== null &&
  "host" in value &&
  "id" in value &&
  isText(value.host) &&
  isText(value.id);

/** Demands that a thing is looked for on the machine that it was made on. Throws `E_HOST_CHANGED`. */
export async function demandPlace(id: string, kept: Raw, { machine }: EngineFace): Promise<void> {
  if (Object.keys(kept).length === 0) return;
  const { demandMachine } = await import("@guestkit/core/remote");
  demandMachine(id, isMachine(kept[MACHINE]) ? kept[MACHINE] : UNTOLD, machine);
}

/** Where a thing is, and whether it is still to be taken over. */
export const keptOf = ({ machine }: EngineFace, imported = false): Raw => ({
  [MACHINE]: machine,
  ...(imported && { [IMPORTED]: true }),
});

/** Whether the state has it by an import, or a look-up, alone: reading changes nothing, so that its first change takes it over. */
export const isImported = (kept: Raw): boolean => kept[IMPORTED] === true;
