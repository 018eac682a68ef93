import type { CallOptions, EngineFace } from "@guestkit/core/engine";
import type { Actor, Progress } from "@guestkit/core/kit";

/** What the lifecycle needs beside the engine. */
export interface Surroundings {
  readonly engine: EngineFace;
  /** For whom it works: this project's stack. Left out: whose a thing is does not matter. */
  readonly owner?: Actor | undefined;
  /** An import that only read has brought the thing into the state: the first change takes it over. */
  readonly isImported?: boolean | undefined;
  /** Ends what only reads. */
  readonly signal?: AbortSignal | undefined;
  /** Shown to the user as it happens. */
  readonly note: (line: string, isWarning?: boolean) => void;
  readonly progress?: (event: Progress) => void;
  /** Runs what changes the world so that it stops when nobody waits for it any more. */
  readonly watched: <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>;
}

/** What the engine is told of one that is to be made. */
export const ofStack = ({ owner, signal }: Surroundings): CallOptions => ({ owner, signal });

/** What the engine is told of a thing that the stack's state has. */
export const inState = ({ owner, isImported = false, signal }: Surroundings, id: string): CallOptions => ({
  ...{ owner, signal },
  isListed: () => true,
  isImported: (each) => isImported && each === id,
});
