import { createInterface } from "node:readline/promises";
import { GuestkitError } from "@guestkit/core/kit";

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
