import {
  dependsOnDay,
  type Judged,
  judgeDisk,
  type Result,
  type RuleSet,
  ruleWarnings,
  stopping,
  waive,
} from "../../check/index.ts";
import { type Disk, type OpenOptions, reading } from "../../inspect/index.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { ValueObject } from "../../model/value.ts";
import { today } from "./today.ts";

/** What became of the rules of a declaration in an image. */
export interface Verdict {
  readonly results: readonly Result[];
  /** Those that do not hold, and are not waived. */
  readonly failed: readonly Result[];
  /** What is odd about the rules. */
  readonly odd: readonly string[];
  /** What lies beside the systems, and nobody could look into. */
  readonly unread: readonly string[];
}

export interface VerdictOptions extends OpenOptions {
  /** Where answers are kept while no file that they came from is touched. */
  readonly cacheDir: string;
}

/** Judges an image by its path. What was seen is kept by the image's stamps and the rules. Throws what reading it throws. */
export async function judgeImage(image: string, set: RuleSet, options: VerdictOptions): Promise<Verdict> {
  const day = today();
  const judged = await seen(image, set.rules, day, options);
  const results = waive(judged.results, set.waivers, day);
  const failed = results.filter(({ state }) => state === "failed" || state === "error");
  return { results, failed, odd: ruleWarnings(set, day), unread: judged.unread };
}

/** Raised when the shape of what is kept changes. */
const ANSWER_VERSION = 2;

/** Before waivers, whose days pass while the image stays as it is. */
async function seen(image: string, rules: RuleSet["rules"], day: string, options: VerdictOptions): Promise<Judged> {
  const { cacheDir, partition, filesystem, snapshot, format, member, with: further } = options;
  const { keepAnswer, keptAnswer } = await import("../../host/kept-answer.ts");
  const files = [image, ...(further ?? [])].filter((each) => typeof each === "string");
  const place = [partition, filesystem, snapshot, format, member].map((each) => each ?? null);
  const question = {
    folder: `${cacheDir}/checks`,
    files,
    key: [ANSWER_VERSION, import.meta.url, place, rules, dependsOnDay(rules) ? day : null],
  };
  const kept = await keptAnswer<Judged>(question);
  if (kept) return kept;
  let isEncrypted = false;
  const use = (disk: Disk) => {
    ({ isEncrypted } = disk);
    return judgeDisk(disk, rules, { partition, filesystem, today: day });
  };
  return await reading(image, options, use, async (answer, stamps) => {
    if (stamps && !isEncrypted) await keepAnswer(question, { stamps, answer });
  });
}

/** What stops whoever asked; null where nothing does. */
export function refusal(image: string, { results }: Verdict): GuestkitError | null {
  const all = stopping(results);
  const [first] = all;
  if (!first) return null;
  const names = all.map(({ check }) => check);
  const message = `Cannot accept what is in "${image}": ${all.length} of ${results.length} checks do not hold: ${summary(all)}`;
  return new GuestkitError("E_CHECKS_FAILED", message, {
    at: { file: image, field: ["checks"] },
    help: `Mend the image, or waive for a while what may be so: one of checks.waivers, whose check is "${names[0]}".`,
  });
}

/** Checks that are told in one line, and reasons of each. */
const SHOWN = 5;
const REASONS = 3;

export function summary(all: readonly Result[]): string {
  const told = all.slice(0, SHOWN).map(({ check, reasons }) => `${check} (${few(reasons)})`);
  return [...told, ...(all.length > SHOWN ? [`and ${all.length - SHOWN} more`] : [])].join(", ");
}

function few(reasons: readonly string[]): string {
  const more = reasons.length > REASONS ? [`and ${reasons.length - REASONS} more`] : [];
  return [...reasons.slice(0, REASONS), ...more].join("; ");
}

/** As the output `failed_checks` has it. */
export function told({ check, severity, title, state, system, reasons }: Result): ValueObject {
  return { check, severity, title, state, system, reasons };
}
