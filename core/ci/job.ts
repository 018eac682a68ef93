import { readdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { hasErrors } from "../engine/diagnostic.ts";
import { canonicalFields, normalise } from "../engine/normalise.ts";
import { validateFields } from "../engine/validate.ts";
import { demandOwnPlace } from "../host/own-place.ts";
import { readTextFile } from "../host/text-file.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Field } from "../model/contract.ts";
import { contractOf } from "../model/registry.ts";
import { isObject, type Value, type ValueObject } from "../model/value.ts";
import { locate } from "../project/document.ts";
import { parseYaml } from "../project/yaml.ts";
import { jobFile, jobsFolder } from "./folder.ts";
import { readRepository } from "./git/repository.ts";

export interface Signers {
  readonly allowed_signers: string | null;
  readonly revoked_keys: string | null;
  readonly keyring: string | null;
  readonly fingerprints: readonly string[];
}

export interface Check {
  readonly name: string;
  readonly command: readonly string[];
  readonly machine: string | null;
  readonly exit_code: number;
  /** Seconds. */
  readonly timeout: number;
}

/** A job as declared, in canonical form: paths absolute, defaults filled in. */
export interface Job {
  readonly name: string;
  /** Its file. */
  readonly file: string;
  readonly repository: string;
  readonly ref: string;
  readonly signers: Signers;
  readonly allow_rewind: boolean;
  readonly project: string;
  readonly apply: boolean;
  readonly recycle: readonly string[];
  readonly provision: readonly string[];
  readonly checks: readonly Check[];
  readonly report: string | null;
  readonly keep: number;
  /** Seconds. */
  readonly timeouts: { readonly fetch: number; readonly apply: number; readonly machine: number };
}

const VERSION = 1;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;

/** What a job's file may say, beside its version. */
export function jobFields(): readonly Field[] {
  return contractOf("ci_job", "action").input.filter(({ name }) => name !== "job" && name !== "overwrite");
}

/** The names of this user's jobs. */
export async function listJobs(): Promise<readonly string[]> {
  const names = await readdir(jobsFolder()).catch(() => []);
  return names
    .flatMap((each) => /^(.+)\.yaml$/.exec(each)?.[1] ?? [])
    .filter((each) => NAME.test(each))
    .toSorted();
}

/**
 * The job that a verb is about: by its name, by its file, or both. Throws `E_CI_JOB`, `E_CI_JOB_UNKNOWN`, `E_YAML`, and
 * what is wrong with a field.
 */
export async function readJob(input: ValueObject): Promise<Job> {
  const file = typeof input.config === "string" ? input.config : jobFile(demandName(input));
  const name = typeof input.job === "string" ? input.job : basename(file).replace(/\.ya?ml$/, "");
  if (!NAME.test(name)) throw unusable(file, `"${name}" is no name of a job`);
  const text = await readText(name, file);
  await demandSafe(file);
  const document = parseYaml(file, text);
  const declared = isObject(document.value as Value) ? (document.value as ValueObject) : {};
  const { version, ...given } = declared;
  if (version !== VERSION) throw unusable(file, `its version must be ${VERSION}`, `Start it with: version: ${VERSION}`);
  const [fault] = validateFields(jobFields(), given);
  if (fault) {
    const at = locate(document, fault.path);
    const message = `${file}${at ? `:${at.line}:${at.column}` : ""}: ${fault.message}`;
    throw new GuestkitError(fault.code, message, { help: fault.help, at: { file, field: fault.path } });
  }
  return jobOf(name, file, given);
}

/** The canonical form of what a job's file says. Throws what is wrong beyond the shape. */
export function jobOf(name: string, file: string, given: ValueObject): Job {
  const fields = jobFields();
  const values = canonicalFields(fields, normalise(fields, given), dirname(file)) as unknown as Job;
  const { signers } = values;
  if (!signers.allowed_signers && !signers.keyring) {
    const help = "Name signers.allowed_signers (SSH) or signers.keyring (OpenPGP).";
    throw unusable(file, "it names nobody whose signature counts", help);
  }
  return {
    ...values,
    ...{ name, file, repository: readRepository(values.repository, dirname(file)).address },
    timeouts: values.timeouts ?? { fetch: 300, apply: 7200, machine: 3600 },
  };
}

export function demandValid(given: ValueObject): void {
  const found = validateFields(jobFields(), given);
  const [fault] = found;
  if (fault && hasErrors(found)) {
    throw new GuestkitError(fault.code, fault.message, { help: fault.help, at: { field: fault.path } });
  }
}

function demandName({ job }: ValueObject): string {
  if (typeof job === "string") return job;
  throw new GuestkitError("E_CI_JOB", "Cannot tell which job is meant: neither its name nor its file is given", {
    help: "guestkit ci list shows the jobs; guestkit ci run JOB, or --config FILE.",
  });
}

async function readText(name: string, file: string): Promise<string> {
  try {
    return await readTextFile(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    const jobs = await listJobs();
    throw new GuestkitError("E_CI_JOB_UNKNOWN", `Cannot find the job "${name}": there is no "${file}"`, {
      cause,
      at: { file },
      help:
        jobs.length > 0
          ? `There are: ${jobs.join(", ")}.`
          : "Write it; docs/guide/ci.md shows one, and guestkit ci list those that there are.",
    });
  }
}

/** Who may write a job's file, or the list of allowed keys, runs commands here: that must be this user or root alone. */
export async function demandSafe(file: string): Promise<void> {
  try {
    await demandOwnPlace(file);
  } catch (cause) {
    if (!(cause instanceof GuestkitError)) throw cause;
    const why = cause.message.replace(/^Cannot use the folder /, "");
    throw new GuestkitError("E_CI_FOREIGN", `Cannot trust "${file}": somebody else may change it (${why})`, {
      cause,
      at: { file },
      help: "Let it and the folders above it be writable by this user or root alone.",
    });
  }
}

function unusable(file: string, why: string, help?: string): GuestkitError {
  return new GuestkitError("E_CI_JOB", `Cannot use "${file}": ${why}`, { at: { file }, help });
}
