import type { Origin } from "./origin.ts";
import type { Declared, Outcome } from "./outcome.ts";

/** What a key's translation may look at beside its own value. */
export interface Work {
  /** The machine's name. */
  readonly name: string;
  readonly origin: Origin;
  /** Another key's value; null where the file does not set it, or only a shell could tell it. */
  readonly get: (key: string) => string | null;
  /** A path on the host as guestkit.yaml writes it: relative to its own folder, or below the home folder. */
  readonly hostPath: (path: string) => Declared;
}

/** One key of a kvmxfile: its place on the mapping page, and what the importer makes of it. */
export interface Key {
  readonly name: string;
  /** What has its role here, as the page shows it (Markdown). */
  readonly ours: string;
  /** What is to be known (Markdown); empty where nothing is. */
  readonly about: string;
  /** From kvmx's list of ideas: no kvmxfile in use is known to have it. */
  readonly idea?: true;
  /** Of a value that is not empty. */
  readonly translate: (value: string, work: Work) => Outcome;
}
