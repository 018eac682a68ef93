import type { GuestImage } from "../../build/guest-disk.ts";
import { type Diagnostic, problem, warning } from "../../engine/diagnostic.ts";
import type { Drift } from "../../engine/implementation.ts";
import { writeRecord } from "../../engine/record.ts";
import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { isList, isObject, isWhollyKnown, type ValueObject } from "../../model/value.ts";
import { asCanonical, type CanonicalInput } from "./input.ts";
import { type Memory, readMemory } from "./memory.ts";

const BEFORE_FILES = "that is before its files are put in: what is made is judged again";

/**
 * What declared rules say of content that is there: the image itself, or what it is to be made of. With `isFinal` the apply
 * writes nothing to it, and what does not hold now never will.
 */
export async function checkFaults(
  { checks }: CanonicalInput,
  image: GuestImage,
  isFinal: boolean,
  context: Context,
): Promise<readonly Diagnostic[]> {
  if (!checks || !isWhollyKnown(checks)) return [];
  try {
    const { refusal, warnings } = await judged(checks, image, context);
    const odd = warnings.map((each) => warning("W_CHECK_WAIVER", ["checks", "waivers"], each));
    if (!refusal) return odd;
    const stops = isFinal && checks.on_failure === "fail";
    const message = isFinal ? refusal.message : `${refusal.message}; ${BEFORE_FILES}`;
    return [...odd, (stops ? problem : warning)(refusal.code, ["checks"], message, refusal.help)];
  } catch (error) {
    if (!(error instanceof GuestkitError)) throw error;
    return [problem(error.code, ["checks"], error.message, error.help)];
  }
}

async function judged(checks: ValueObject, { path, format, member }: GuestImage, { settings, signal }: Context) {
  const { declaredRules } = await import("../checks/rules.ts");
  const { judgeImage, refusal, told } = await import("../checks/verdict.ts");
  const { keys, cacheDir } = settings;
  const place = { format, member, keys, signal, cacheDir };
  const verdict = await judgeImage(path, await declaredRules(checks), place);
  return { failed: verdict.failed.map(told), warnings: verdict.warnings, refusal: refusal(path, verdict) };
}

/**
 * Judges an image that was made or changed, and keeps the verdict in its record: one without was stopped before it. Throws
 * `E_CHECKS_FAILED` unless `on_failure` is `keep`, and what is wrong with the rules.
 */
export async function settleChecks(id: string, declared: ValueObject, context: Context): Promise<void> {
  const { checks, format } = asCanonical(declared);
  const memory = checks && (await readMemory(id));
  if (!checks || !memory) return;
  const { failed, refusal } = await judged(checks, { path: id, format }, context);
  await writeRecord(id, { ...memory, details: { ...memory.details, checks: { failed } } });
  if (refusal && checks.on_failure === "fail") throw refusal;
  if (refusal) context.progress({ phase: "note", detail: refusal.message, warning: true });
}

/** What the record says of rules that do not hold. */
export function failedChecks(memory: Memory | null): readonly ValueObject[] {
  const verdict = memory?.details.checks ?? null;
  const failed = isObject(verdict) ? (verdict.failed ?? null) : null;
  return isList(failed) ? failed.filter(isObject) : [];
}

const stopping = (failed: readonly ValueObject[]): readonly ValueObject[] =>
  failed.filter(({ severity }) => severity !== "info");

/** An image that does not keep its rules, or of which nobody knows, is judged again by the next apply. */
export function checkDrift(memory: Memory | null): readonly Drift[] {
  const checks = memory?.declared.checks ?? null;
  if (!isObject(checks)) return [];
  const drift = (why: string): readonly Drift[] => [{ path: "checks", why, action: "update" }];
  if (!isObject(memory?.details.checks ?? null)) return drift("whether its content keeps the rules was not told yet");
  const names = stopping(failedChecks(memory)).map(({ check }) => String(check));
  return names.length > 0 && checks.on_failure === "fail" ? drift(`checks do not hold: ${names.join(", ")}`) : [];
}

/** What is kept all the same is told by each plan. */
export function checkRemarks({ failed_checks = null, checks = null }: ValueObject): readonly Diagnostic[] {
  const failed = stopping(isList(failed_checks) ? failed_checks.filter(isObject) : []);
  if (failed.length === 0 || !isObject(checks) || checks.on_failure !== "keep") return [];
  const names = failed.map(({ check }) => String(check)).join(", ");
  const help = "Mend the image, or waive for a while what may be so: checks.waivers.";
  return [warning("W_CHECKS_FAILED", ["checks"], `checks do not hold, and the image is kept: ${names}`, help)];
}
