import { existsSync } from "node:fs";
import { join } from "node:path";

const RUNS = 5;
/** The build before may take minutes. */
const RUNS_BEFORE = 1;

/** A build whose bundles are measured: this one, and the one of `GUESTKIT_BENCH_BEFORE` (the root of another checkout). */
export interface Build {
  readonly name: string;
  readonly root: string;
  /** The command's bundle. */
  readonly command: string;
  readonly isOurs: boolean;
  readonly runs: number;
}

export function builds(): readonly Build[] {
  const of = (name: string, root: string, isOurs: boolean): Build => {
    const command = join(root, "cli/dist/guestkit.mjs");
    if (!existsSync(command)) throw new Error(`there is no ${command}: build it first`);
    return { name, root, command, isOurs, runs: isOurs ? RUNS : RUNS_BEFORE };
  };
  const before = process.env.GUESTKIT_BENCH_BEFORE;
  return [of("guestkit", join(import.meta.dirname, "../.."), true), ...(before ? [of("before", before, false)] : [])];
}

/** Folders of a build's own, so that neither finds what the other one made. */
export function foldersAt(at: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ["DATA", "CACHE", "RUNTIME"].map((kind) => [`GUESTKIT_${kind}_DIR`, join(at, kind.toLowerCase())]),
  );
}
