import type { Readable } from "node:stream";
import type { OnOutput } from "../../host/program/stream-program.ts";
import type { GuestResult } from "../ssh/index.ts";

/** A command in the guest, as a way into it takes it. */
export interface WayCommand {
  /** For a POSIX shell. It is seen by everybody in the guest: secrets go by `input`. */
  readonly script: (kind: WayKind) => string;
  /** The user that it runs as; the way's own where left out. */
  readonly as?: string | null;
  readonly input?: string | Uint8Array | Readable | undefined;
  /** It writes more than the 16 MiB that the agent keeps of an output, or reads as much. */
  readonly bulk?: boolean;
  /** Both outputs as they come; over the agent they come at the end. */
  readonly onOutput?: OnOutput | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What ends the command in the guest where it is given up: run there by the same way. */
  readonly giveUp?: string;
  /** Standard input stays open behind `input`: the command sees its end when we are gone (SSH alone). */
  readonly hold?: boolean;
  /** The command gets this process's own terminal or pipes (SSH alone). */
  readonly inherit?: boolean;
  readonly tty?: boolean;
}

export type WayKind = "ssh" | "agent";

/** A way to run commands in a guest. */
export interface GuestWay extends AsyncDisposable {
  readonly kind: WayKind;
  run(command: WayCommand): Promise<GuestResult>;
}

export type { GuestResult };
