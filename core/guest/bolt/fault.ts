import { GuestkitError } from "../../kit/errors.ts";

const HELP = "Look at it with the guest's own tools: a copy may have been made while it was written to.";

/** `E_BOLT_${code}`: what is wrong with a database, and where. */
export function damaged(name: string, code: string, offset: number, what: string): GuestkitError {
  return new GuestkitError(`E_BOLT_${code}`, `Cannot read the bolt database "${name}": ${what}`, {
    at: { file: name, offset },
    help: HELP,
  });
}
