import { demandValid, jobFile, jobOf } from "../../ci/index.ts";
import type { ActionImplementation } from "../../engine/implementation.ts";
import { readKeptText } from "../../host/plain-file.ts";
import { writeWhole } from "../../host/whole-file.ts";
import { GuestkitError } from "../../kit/errors.ts";

/** The first line of a file that is ours to replace. JSON is YAML. */
const MARK = "# Written by guestkit (ci_job).";

export const ciJob: ActionImplementation = {
  run: async (input, { check }) => {
    const { job, overwrite, ...declared } = input;
    const name = String(job);
    const file = jobFile(name);
    const given = Object.fromEntries(Object.entries(declared).filter(([, value]) => value !== null));
    demandValid(given);
    jobOf(name, file, given);
    const text = `${MARK}\n${JSON.stringify({ version: 1, ...given }, null, 2)}\n`;
    const present = await readKeptText(file);
    if (present !== null && !present.startsWith(MARK) && overwrite !== true) throw foreign(file);
    if (present !== text && !check) await writeWhole(file, text, { mode: 0o644 });
    return { changed: present !== text, output: { file } };
  },
};

function foreign(file: string): GuestkitError {
  return new GuestkitError("E_CI_JOB_FOREIGN", `Cannot write "${file}": somebody wrote it by hand`, {
    at: { file },
    help: "Set overwrite to true to replace it, or remove it.",
  });
}
