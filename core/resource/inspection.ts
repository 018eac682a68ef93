import type { QueryImplementation } from "../engine/implementation.ts";
import { inspect } from "../inspect/index.ts";
import type { Context } from "../kit/context.ts";
import { factGroups } from "../kit/fact-groups.ts";
import { isList, isObject, type Value, type ValueObject } from "../model/value.ts";
import { placeOf } from "./place.ts";

export const inspection: QueryImplementation = {
  read: async (input, context) => {
    const report = await inspect(String(input.disk_image), {
      ...placeOf(input, context),
      facts: groupsOf(input.facts),
      cacheDir: context.settings.cacheDir,
    });
    return { ...(report as unknown as ValueObject), failed_checks: await failedChecks(input, context) };
  },
};

function groupsOf(names: Value | undefined) {
  return isList(names ?? null) ? factGroups((names as readonly Value[]).map(String)) : undefined;
}

/** Throws `E_CHECKS_FAILED` where the declaration asks for that, and what is wrong with its rules. */
async function failedChecks(
  { checks = null, ...input }: ValueObject,
  context: Context,
): Promise<readonly ValueObject[] | null> {
  if (!isObject(checks)) return null;
  const { declaredRules, demandRules } = await import("./checks/rules.ts");
  const { judgeImage, refusal, told } = await import("./checks/verdict.ts");
  demandRules(checks);
  const image = String(input.disk_image);
  const { cacheDir } = context.settings;
  const verdict = await judgeImage(image, await declaredRules(checks, context), {
    ...placeOf(input, context),
    cacheDir,
  });
  for (const detail of [...verdict.odd, ...verdict.unread]) context.progress({ phase: "note", detail });
  const against = checks.on_failure === "fail" ? refusal(image, verdict) : null;
  if (against) throw against;
  return verdict.failed.map(told);
}
