import { GuestkitError } from "../kit/errors.ts";

/** The end of the year 9999. */
const LAST = 253_402_300_799;

/**
 * The time that SOURCE_DATE_EPOCH gives documents (https://reproducible-builds.org/specs/source-date-epoch/); null where
 * it is not set. Throws `E_SBOM_TIME`.
 */
export function declaredTime(env: Readonly<Record<string, string | undefined>> = process.env): Date | null {
  const text = env.SOURCE_DATE_EPOCH;
  if (text === undefined || text === "") return null;
  if (/^\d{1,12}$/.test(text) && Number(text) <= LAST) return new Date(Number(text) * 1000);
  throw new GuestkitError("E_SBOM_TIME", `Cannot use SOURCE_DATE_EPOCH: "${text}" is no time in seconds since 1970`, {
    help: "Set it to one, or not at all: SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)",
  });
}
