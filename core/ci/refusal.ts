import { GuestkitError } from "../kit/errors.ts";

/** Why a commit is not taken. Nothing of it has been read or run. */
const CODES = ["E_CI_UNSIGNED", "E_CI_SIGNATURE", "E_CI_TAG", "E_CI_REWRITTEN", "E_CI_OLDER"] as const;

export type RefusalCode = (typeof CODES)[number];

/** What is refused stays refused until somebody signs, allows or pushes something else. */
export function refusal(code: RefusalCode, what: string, why: string, help: string): GuestkitError {
  return new GuestkitError(code, `Cannot accept ${what}: ${why}`, { help });
}

export function isRefusal(error: unknown): boolean {
  return error instanceof GuestkitError && (CODES as readonly string[]).includes(error.code);
}
