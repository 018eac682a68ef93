import type { Raw } from "./struct.ts";

/** Beside a thing's properties in the state, by a name that Pulumi shows to nobody. */
const IMPORTED = "__guestkitImported";

/** That a thing is still to be taken over: an import, or a look-up, alone has brought it, and reading changes nothing. */
export const imported: Raw = { [IMPORTED]: true };

/** Whether a state says so: its first change takes it over. */
export const isImported = (kept: Raw): boolean => kept[IMPORTED] === true;

/** What goes on being kept of a state until a change was made. */
export const keptOf = (kept: Raw): Raw => (isImported(kept) ? imported : {});
