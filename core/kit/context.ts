import type { CallerPath } from "./caller-path.ts";
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

/** What lies where a path of the caller's side leads. */
export interface CallerLook {
  readonly kind: "file" | "directory" | "other";
  /** Another one whenever the content may be another. */
  readonly stamp: string;
}

/**
 * The one way to what lies on the caller's side. Where caller and host are one machine, everything is where its path says
 * and nothing is copied. All throw the system's errors, and `E_FILE_ELSEWHERE` of what another caller declared.
 */
export interface CallerFiles {
  /** Links followed; null where there is nothing. */
  readonly look: (path: CallerPath) => Promise<CallerLook | null>;
  /** A file of this host with the bytes of a regular file of at most `most`, under the same name. Whoever opens it judges what it is. */
  readonly locate: (path: CallerPath, most?: number) => Promise<string>;
  /** A folder: itself, or an archive of it where it is another machine's. */
  readonly folder: (path: CallerPath) => Promise<{ readonly directory: string } | { readonly tar: string }>;
}

/** What every operation is handed: how to stop, where to say what it does, where to put things. */
export interface Context {
  readonly signal: AbortSignal;
  readonly progress: (event: Progress) => void;
  readonly settings: Settings;
  /** Those of this machine where left out: host/caller-files. */
  readonly files?: CallerFiles;
}
