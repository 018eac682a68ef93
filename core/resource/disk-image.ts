import { readImageHead } from "../build/header.ts";
import type { Diagnostic } from "../engine/diagnostic.ts";
import type { ResourceImplementation } from "../engine/implementation.ts";
import { readRecord, writeRecord } from "../engine/record.ts";
import { isObject, type ValueObject } from "../model/value.ts";
import { checkRemarks } from "./disk-image/checks.ts";
import { asCanonical } from "./disk-image/input.ts";
import { inodeOf } from "./disk-image/memory.ts";
import { isPrivate } from "./disk-image/mode.ts";
import { observe } from "./disk-image/observe.ts";
import { toldOfRedo } from "./disk-image/pending.ts";
import { judge } from "./disk-image/recipe.ts";
import { validate } from "./disk-image/validate.ts";

/** Binds the contract `disk_image` to what `core/build` can do; what changes images is loaded by the first change. */
export const diskImage: ResourceImplementation = {
  validate: async (input) => [...validate(input), ...(await checkRules(input))],
  remark: ({ prior, wanted }) =>
    checkRemarks({ failed_checks: prior.failed_checks ?? null, checks: wanted.checks ?? null }),
  predict: (input) => (typeof input.size === "number" ? { virtual_size: input.size } : {}),
  judge,
  preflight: async (plan, input, context) => {
    const { id, action } = plan;
    if (action === "none") return typeof id === "string" ? await toldOfRedo(id) : [];
    const { preflight } = await import("./disk-image/guard.ts");
    return await preflight(plan, input && asCanonical(input), context);
  },
  isPrivate,
  list: async (...args) => (await import("./disk-image/list.ts")).list(...args),
  observe,
  create: async (...args) => (await import("./disk-image/build.ts")).create(...args),
  update: async (...args) => (await import("./disk-image/update.ts")).update(...args),
  remove: async (...args) => (await import("./disk-image/update.ts")).remove(...args),
  adopt: async (id) => {
    if (await readRecord(id)) return;
    const { format } = await readImageHead(id);
    const details = { file: await inodeOf(id) };
    await writeRecord(id, { contract: "disk_image", origin: "imported", owner: null, declared: { format }, details });
  },
};

/** Loaded by the first declaration that has some. */
async function checkRules({ checks = null }: ValueObject): Promise<readonly Diagnostic[]> {
  return isObject(checks) ? (await import("./checks/rules.ts")).ruleFaults(checks, ["checks"]) : [];
}
