import { readFile } from "node:fs/promises";
import type { Bed } from "./bed.ts";

/** One look at a thing: the arguments of a verb that reads, or what else tells its state as text. */
export type Look = readonly string[] | ((bed: Bed) => Promise<string>);

/**
 * Something that writes. It is stopped at any point of `command`; each of its things must then be as it was before or as
 * it is after, and the same command once more brings all of them to the new state.
 */
export interface Writer {
  readonly name: string;
  /** Lays out the old state in an empty bed. */
  readonly old: (bed: Bed) => Promise<void>;
  /** Declares the new one. Nothing but files of the user's own. */
  readonly declare: (bed: Bed) => Promise<void>;
  /** What brings it about; `apply --auto-approve` where left out. */
  readonly command?: readonly string[];
  /** Exit codes of a second run that are right; 0 alone where left out. */
  readonly again?: readonly number[];
  /** Ends a machine that it leaves running. Of such a writer guestkit alone is traced, and no loss of power tried. */
  readonly end?: readonly string[];
  /** What it writes is not waited for: no loss of power is tried. */
  readonly isUnsynced?: true;
  /** What is told apart, by name. Each alone is old or new. */
  readonly things: Readonly<Record<string, readonly Look[]>>;
}

export const commandOf = ({ command }: Writer): readonly string[] => command ?? ["apply", "--auto-approve"];

/** A writer that is two declarations: what stands, and what an apply makes of it. */
export function declared(
  name: string,
  from: object | null,
  to: (bed: Bed) => object,
  things: Writer["things"],
  prepare: (bed: Bed) => Promise<void> = async () => {},
): Writer {
  return {
    name,
    old: async (bed) => {
      await prepare(bed);
      if (from) await bed.apply(from);
    },
    declare: (bed) => bed.declare(to(bed)),
    things,
  };
}

/** A file of the bed; the error's code where it cannot be read. */
export const textOf = (bed: Bed, name: string): Promise<string> =>
  readFile(bed.at(name), "utf8").catch((error: NodeJS.ErrnoException) => String(error.code));
