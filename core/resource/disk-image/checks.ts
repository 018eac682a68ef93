import { hash } from "node:crypto";
import type { GuestImage } from "../../build/guest-disk.ts";
import { type Diagnostic, problem, warning } from "../../engine/diagnostic.ts";
import type { Drift } from "../../engine/implementation.ts";
import { writeRecord } from "../../engine/record.ts";
import { callerFiles } from "../../host/caller-files.ts";
import { readTextFile } from "../../host/text-file.ts";
import { asCallerPath, type CallerPath } from "../../kit/caller-path.ts";
import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { isList, isObject, isWhollyKnown, type ValueObject } from "../../model/value.ts";
import { today } from "../checks/today.ts";
import { asCanonical, type CanonicalInput, type Filed } from "./input.ts";
import { type Memory, readMemory } from "./memory.ts";

/** Why what does not hold stops no apply yet. */
export const MADE_LATER = "that is before what this apply does: what is made is judged again";
export const NEVER_ACCEPTED = "it never kept them, and is made anew by the apply after this one";

/**
 * What declared rules say of content that is there: the image itself, or what it is to be made of. `later` is null where the
 * apply writes nothing to either: what does not hold now never will.
 */
export async function checkFaults(
  { checks }: CanonicalInput,
  image: GuestImage,
  later: string | null,
  context: Context,
): Promise<readonly Diagnostic[]> {
  if (!checks || !isWhollyKnown(checks)) return [];
  try {
    const { refusal, told } = await judged(checks, image, context);
    if (!refusal) return told;
    const stops = later === null && checks.on_failure === "fail";
    const message = later === null ? refusal.message : `${refusal.message}; ${later}`;
    return [...told, (stops ? problem : warning)(refusal.code, ["checks"], message, refusal.help)];
  } catch (error) {
    if (!(error instanceof GuestkitError)) throw error;
    return [problem(error.code, ["checks"], error.message, error.help)];
  }
}

async function judged(checks: ValueObject, { path, format, member }: GuestImage, context: Context) {
  const { settings, signal } = context;
  const { declaredRules } = await import("../checks/rules.ts");
  const { judgeImage, refusal, told } = await import("../checks/verdict.ts");
  const { keys, cacheDir } = settings;
  const place = { format, member, keys, signal, cacheDir };
  const verdict = await judgeImage(path, await declaredRules(checks, context), place);
  const until = verdict.results.flatMap(({ waiver }) => waiver?.until ?? []).toSorted();
  return {
    ...{ failed: verdict.failed.map(told), refusal: refusal(path, verdict) },
    told: [
      ...verdict.odd.map((each) => warning("W_CHECK_WAIVER", ["checks", "waivers"], each)),
      ...verdict.unread.map((each) => warning("W_CHECK_UNREAD", ["checks"], each)),
    ],
    ...{ until: until[0] ?? null },
  };
}

/**
 * Judges an image that was made or changed, and keeps the verdict in its record: one without was stopped before it. Throws
 * `E_CHECKS_FAILED` unless `on_failure` is `keep`, and what is wrong with the rules.
 */
export async function settleChecks(id: string, declared: ValueObject, context: Context): Promise<void> {
  const { checks, format } = asCanonical(declared);
  const memory = checks && (await readMemory(id));
  if (!checks || !memory) return;
  // Before it is read: one that changes meanwhile is taken again by the next apply.
  const file_sha256 = await digestOfFile(checks, context);
  const { failed, refusal, until } = await judged(checks, { path: id, format }, context);
  const stops = refusal !== null && checks.on_failure === "fail";
  const accepted = stops && isUnaccepted(memory) ? { accepted: false } : { accepted: true };
  const details = { ...memory.details, ...accepted, checks: { failed, file_sha256, until } };
  await writeRecord(id, { ...memory, details });
  if (stops) throw refusal;
  if (refusal) context.progress({ phase: "note", detail: refusal.message, warning: true });
}

/** Whether it was made and never kept its rules since: nothing is lost by making it anew. */
export const isUnaccepted = (memory: Memory | null): boolean => memory?.details.accepted === false;

/** Of the file of rules that a declaration names; null where it names none, or that cannot be read now. */
async function digestOfFile({ file = null }: ValueObject, context: Filed): Promise<string | null> {
  const text = typeof file === "string" ? await textOf(asCallerPath(file), context).catch(() => null) : null;
  return text === null ? null : hash("sha256", text);
}

const textOf = async (file: CallerPath, context: Filed) => readTextFile(await callerFiles(context).locate(file));

/** What the record says of rules that do not hold. */
export function failedChecks(memory: Memory | null): readonly ValueObject[] {
  const verdict = memory?.details.checks ?? null;
  const failed = isObject(verdict) ? (verdict.failed ?? null) : null;
  return isList(failed) ? failed.filter(isObject) : [];
}

const stopping = (failed: readonly ValueObject[]): readonly ValueObject[] =>
  failed.filter(({ severity }) => severity !== "info");

/**
 * An image that does not keep its rules, or of which nobody knows, is judged again by the next apply: also where the file of
 * rules is another one since, or what was waived is not any more. One that did not keep them when it was made is made anew,
 * whoever asks: Terraform alone taints. Nothing of the image is read for it.
 */
export async function checkDrift(memory: Memory | null, context: Filed, day = today()): Promise<readonly Drift[]> {
  const checks = memory?.declared.checks ?? null;
  if (!isObject(checks)) return [];
  const drift = (why: string): readonly Drift[] => [{ path: "checks", why, action: "update" }];
  const verdict = memory?.details.checks ?? null;
  if (!isObject(verdict)) return drift("whether its content keeps the rules was not told yet");
  const names = stopping(failedChecks(memory)).map(({ check }) => String(check));
  const broken = `checks do not hold: ${names.join(", ")}`;
  if (isUnaccepted(memory)) return [{ path: "checks", why: `it was made, and its ${broken}`, action: "replace" }];
  const { file_sha256 = null, until = null } = verdict;
  if (typeof until === "string" && until < day) return drift(`a waiver that it was judged with ended on ${until}`);
  const digest = await digestOfFile(checks, context);
  if (digest !== null && digest !== file_sha256) return drift(`the rules in "${String(checks.file)}" changed`);
  return names.length > 0 && checks.on_failure === "fail" ? drift(broken) : [];
}

/** What is kept all the same is told by each plan. */
export function checkRemarks({ failed_checks = null, checks = null }: ValueObject): readonly Diagnostic[] {
  const failed = stopping(isList(failed_checks) ? failed_checks.filter(isObject) : []);
  if (failed.length === 0 || !isObject(checks) || checks.on_failure !== "keep") return [];
  const names = failed.map(({ check }) => String(check)).join(", ");
  const help = "Mend the image, or waive for a while what may be so: checks.waivers.";
  return [warning("W_CHECKS_FAILED", ["checks"], `checks do not hold, and the image is kept: ${names}`, help)];
}
