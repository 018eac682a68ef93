import { createInterface } from "node:readline/promises";
import { GuestkitError } from "@guestkit/core/kit";
import type { Contract, ValueObject } from "@guestkit/core/model";
import type { Invocation } from "./command.ts";

/** Whether there is somebody to ask. */
export const onTerminal = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Asks on the terminal; only yes is yes. Throws `E_INTERRUPTED`. */
export async function agrees(signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question("Go on? Only yes will do: ", { signal })).trim() === "yes";
  } catch (cause) {
    throw new GuestkitError("E_INTERRUPTED", "Cannot finish: interrupted", { cause });
  } finally {
    terminal.close();
  }
}

/**
 * Asks before what cannot be undone is done to `named`, where there is somebody to ask: scripts know what they do. Throws
 * `E_NOT_AGREED` and `E_INTERRUPTED`.
 */
export async function demandAgreement(
  { aliases }: Contract,
  input: ValueObject,
  { flags, signal }: Invocation,
  named: readonly string[] = [],
): Promise<void> {
  const lost = aliases.cli?.confirm;
  if (lost === undefined || input.force === true || flags.has("dry-run") || !onTerminal()) return;
  process.stderr.write(`guestkit: ${named.length > 0 ? `${named.join(", ")}: ` : ""}${lost}\n`);
  if (!(await agrees(signal))) throw new GuestkitError("E_NOT_AGREED", "Nothing was changed: the answer was not yes");
}
