import type { Context } from "../../../kit/context.ts";
import type { MachineFolder } from "../../../machine/folder.ts";
import type { Machine, WaitFor } from "../../../machine/machine.ts";
import type { Run } from "../../../machine/run.ts";

/** A machine that is coming up. */
export interface Scene {
  readonly machine: Machine;
  readonly folder: MachineFolder;
  readonly run: Pick<Run, "forwards">;
  readonly context: Context;
  /** No host key was pinned when the wait began: those seen may change once more. */
  readonly firstStart: boolean;
  /** Whether the agent has answered. */
  agentAnswered: boolean;
  /** The console without escape sequences, the open line last. */
  console(): readonly string[];
}

/** One look whether a machine is ready. */
export interface Look {
  readonly ready: boolean;
  /** What was seen, for the error of a wait that took too long: `no SSH server answers`. */
  readonly seen: string;
}

/** A way to tell that a machine is ready. */
export interface Condition {
  /** What is waited for: `SSH`. */
  what(wait: WaitFor): string;
  /** How the error of a wait that took too long begins: `its SSH server let nobody in`. */
  missed(wait: WaitFor): string;
  /** Milliseconds between two looks. */
  readonly pause: number;
  /** Throws a GuestkitError where waiting is of no use; `signal` aborts when the time is over. */
  look(scene: Scene, wait: WaitFor, signal: AbortSignal): Promise<Look>;
}

export const READY: Look = { ready: true, seen: "" };
export const notYet = (seen: string): Look => ({ ready: false, seen });
