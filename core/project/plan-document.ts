import { formatPath, UNKNOWN, type Value } from "../model/value.ts";
import { isChange, type ProjectPlan } from "./plan.ts";

const FORMAT_VERSION = 1;

/** `plan --json`, its shape fixed by the interfaces document: changes alone, secrets redacted. */
export function documentOf(plan: ProjectPlan): unknown {
  return {
    format_version: FORMAT_VERSION,
    changes: plan.changes.filter(isChange).map(({ address, host, action, reasons, movedFrom }) => ({
      address,
      ...(host !== null && { host }),
      action,
      ...(movedFrom !== undefined && { moved_from: movedFrom }),
      reasons: reasons.map(({ path, before, after, why }) => ({
        path: formatPath(path),
        before: shown(before),
        after: shown(after),
        why,
      })),
    })),
    outputs: shown(plan.outputs),
  };
}

/** UNKNOWN as its mark. */
export function shown(value: Value): unknown {
  if (value === UNKNOWN) return { $unknown: true };
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shown(each)]));
}
