import type { Keys } from "./keys.ts";
import type { Actor } from "./owner.ts";

/** One step of a long operation, for progress bars, plain lines and the journal. */
export interface Progress {
  /** What is being done now: "downloading", "installing packages". */
  readonly phase: string;
  readonly done?: number;
  readonly total?: number;
  readonly unit?: "bytes" | "items";
  /** The thing at hand: a package's name, a path. */
  readonly detail?: string;
  /** Something that went wrong and stops nothing: it is told for good, not until the next step. */
  readonly warning?: boolean;
}

/** Folders and addresses, from the environment or a face's settings. */
export interface Settings {
  readonly dataDir: string;
  readonly cacheDir: string;
  readonly runtimeDir: string;
  /** Debian archive address; the host's own where null. */
  readonly mirror: string | null;
  /** How long another command that has a thing's lock is waited for, seconds; 10 where left out. */
  readonly lockTimeout?: number;
  /** What opens encrypted devices: kept nowhere, shown nowhere. */
  readonly keys?: Keys;
  /** For whom things are made and changed; left out where they are named on a command line. */
  readonly owner?: Actor;
}

/** What every operation is handed: how to stop, where to say what it does, where to put things. */
export interface Context {
  readonly signal: AbortSignal;
  readonly progress: (event: Progress) => void;
  readonly settings: Settings;
}
