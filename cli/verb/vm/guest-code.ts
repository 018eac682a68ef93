import { asGuestkitError } from "@guestkit/core/kit";
import { type GuestResult, guestAnswer } from "@guestkit/core/machine";
import { EXIT, type Invocation } from "../../command/command.ts";
import { usage } from "../../command/parse.ts";
import { printError } from "../../output/error.ts";
import { writeJson } from "../../output/stdout.ts";

/** guestkit itself failed: the exit codes of what runs in the guest are passed on. */
const FAILED = 125;

/** The exit code of what `act` runs in a guest, or the one that tells that guestkit failed, whose error is printed. */
export async function guestCode(invocation: Invocation, act: () => Promise<number>): Promise<number> {
  try {
    return await act();
  } catch (error) {
    const { code } = asGuestkitError(error);
    printError(error, invocation.flags.has("json"));
    return code === "E_INTERRUPTED" ? EXIT.interrupted : FAILED;
  }
}

/** --timeout in milliseconds. Throws `E_USAGE`: a command line that makes no sense is no failure in the guest. */
export function limitOf({ values: { timeout }, command }: Invocation): number | undefined {
  if (timeout === undefined) return undefined;
  const seconds = Number(timeout);
  if (seconds > 0) return seconds * 1000;
  throw usage(command, `--timeout must be a number of seconds, not "${timeout}"`);
}

/** The answer of `--json`. Gives the command's exit code. */
export function tell(result: GuestResult): number {
  writeJson(guestAnswer(result));
  return result.exitCode;
}
