import { printableLines } from "./name.ts";
import { withoutSecrets } from "./secrets.ts";
import { systemFault } from "./system-error.ts";

/** Where a fault lies: a file, a byte offset in it, a field of a declaration. */
export interface Place {
  readonly file?: string;
  /** Bytes from the start of `file`. */
  readonly offset?: number;
  /** Path into a declaration, e.g. `["layout", "partitions", 0, "name"]`. */
  readonly field?: readonly (string | number)[];
}

export interface ErrorDetail {
  readonly help?: string | undefined;
  readonly at?: Place | undefined;
  readonly cause?: unknown;
}

/** The one error of the project: a stable code, what is so, where, and a next step that works. */
export class GuestkitError extends Error {
  readonly code: string;
  readonly help: string | undefined;
  readonly at: Place | undefined;

  /**
   * @param code stable, `E_QCOW2_L1_BOUNDS`
   * @param message `Cannot <verb> <thing>: <what is so>`
   */
  constructor(code: string, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = "GuestkitError";
    this.code = code;
    this.help = detail.help;
    this.at = detail.at;
  }

  /** The same error with whatever of its place was not known where it arose. */
  within(place: Place): GuestkitError {
    const { code, message, help, cause } = this;
    const error = new GuestkitError(code, message, { help, cause, at: { ...place, ...this.at } });
    if (this.stack !== undefined) error.stack = this.stack;
    return error;
  }
}

/** What every face shows of an error (`--json`, rpc). Shape fixed by the interfaces document. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly help: string | null;
  readonly at: Place | null;
  readonly cause: string | null;
}

/**
 * Turns anything thrown into the report; a foreign error becomes `E_INTERNAL`. What an image or a guest says in it may
 * hold terminal sequences, and faces show it as it is: they are written out.
 */
export function reportError(thrown: unknown): ErrorReport {
  const error = asGuestkitError(thrown);
  return {
    code: error.code,
    message: printableLines(withoutSecrets(error.message)),
    help: error.help === undefined ? null : printableLines(withoutSecrets(error.help)),
    at: error.at ?? null,
    cause: causeText(error.cause),
  };
}

/** Wraps anything that is no GuestkitError; an abort becomes `E_INTERRUPTED`, what the system refused `E_SYSTEM_*`. */
export function asGuestkitError(thrown: unknown): GuestkitError {
  if (thrown instanceof GuestkitError) return thrown;
  if (isAbort(thrown)) return new GuestkitError("E_INTERRUPTED", "Cannot finish: interrupted");
  const refused = systemError(thrown);
  if (refused) return refused;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new GuestkitError("E_INTERNAL", `Cannot go on: ${message}`, {
    cause: thrown,
    help: "This is a fault in guestkit; run again with GUESTKIT_LOG=debug and report what it prints.",
  });
}

/**
 * Why one part of something cannot be read, where the rest goes on without it: its own refusal, or a fault of ours in reading
 * it. Throws what ends the whole: an interruption, what the system refused.
 */
export function partFault(thrown: unknown): GuestkitError {
  if (thrown instanceof GuestkitError) return thrown;
  const error = asGuestkitError(thrown);
  if (error.code !== "E_INTERNAL") throw thrown;
  return error;
}

/** The same for what the system refused alone; null for anything else. `place`: see `systemFault`. */
export function systemError(thrown: unknown, place?: string, alias?: string): GuestkitError | null {
  const fault = systemFault(thrown, place, alias);
  if (!fault) return null;
  const { code, message, help, file } = fault;
  return new GuestkitError(code, message, { help, cause: thrown, ...(file !== null && { at: { file } }) });
}

/** Runs work on descriptors of one file, whose system errors do not name it, or call it `alias`. */
export async function atPlace<T>(place: string, work: () => Promise<T>, alias?: string): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const name = (thrown as { path?: unknown } | null)?.path;
    const isNamed = typeof name === "string" && name !== alias;
    throw (isNamed ? null : systemError(thrown, place, alias)) ?? thrown;
  }
}

function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === "AbortError";
}

function causeText(cause: unknown): string | null {
  if (cause === undefined || cause === null) return null;
  return printableLines(withoutSecrets(cause instanceof Error ? cause.message : String(cause)));
}
