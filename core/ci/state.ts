import { readKeptText } from "../host/plain-file.ts";
import { writeWhole } from "../host/whole-file.ts";
import { parseJson } from "../kit/depth.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { JobFolder } from "./folder.ts";

/** What a job remembers from run to run. */
export interface JobState {
  /** The last commit whose signature was accepted, whatever came of it. */
  readonly accepted: string | null;
  /** The last commit with which a run passed. */
  readonly passed: string | null;
}

const OID = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** Throws `E_CI_STATE`: without it nobody could tell an older commit from a newer one. */
export async function readState({ state: file }: JobFolder): Promise<JobState> {
  const text = await readKeptText(file);
  if (text === null) return { accepted: null, passed: null };
  try {
    const { accepted, passed } = parseJson(text) as Partial<JobState>;
    if (isOid(accepted) && isOid(passed)) return { accepted, passed };
  } catch {
    // Told below.
  }
  throw new GuestkitError("E_CI_STATE", `Cannot use "${file}": it does not say which commits were accepted`, {
    at: { file },
    help: "Look at the report for the last good commit, then remove the file: the next run takes what is there as new.",
  });
}

export function writeState({ state }: JobFolder, value: JobState): Promise<void> {
  return writeWhole(state, `${JSON.stringify({ format_version: 1, ...value }, null, 1)}\n`);
}

function isOid(value: unknown): value is string | null {
  return value === null || (typeof value === "string" && OID.test(value));
}
