import { fromBinary } from "../archive/index.ts";
import { type Change, diffDisks } from "../diff/index.ts";
import type { QueryImplementation } from "../engine/implementation.ts";
import { reading } from "../inspect/index.ts";
import type { Context } from "../kit/context.ts";
import { decodeName } from "../kit/name.ts";
import { MOST_CHANGES } from "../model/contracts/image-diff-limit.ts";
import type { ValueObject } from "../model/value.ts";

export const imageDiff: QueryImplementation = {
  read: (input, context) => {
    const format = typeof input.image_format === "string" ? input.image_format : undefined;
    const options = { format, keys: context.settings.keys, signal: context.signal };
    return reading(String(input.before), options, (before) =>
      reading(String(input.after), options, async (after) => {
        const warnings: string[] = [];
        const warn = (side: string, warning: string) => void warnings.push(`${side}: ${warning}`);
        const found = await gather(diffDisks(before, after, { ...choiceOf(input, context), warn }));
        return { ...found, warnings };
      }),
    );
  },
};

const choiceOf = ({ path, times }: ValueObject, { signal }: Context) => ({
  ...(typeof path === "string" && { path }),
  times: times === true,
  signal,
});

async function gather(found: AsyncIterable<Change>): Promise<ValueObject> {
  const changes: ValueObject[] = [];
  let total = 0;
  for await (const each of found) if (++total <= MOST_CHANGES) changes.push(spelled(each));
  return { is_different: total > 0, total, changes };
}

function spelled({ group, change, system, name, from, fields }: Change): ValueObject {
  // Names of files are raw bytes.
  const text = (raw: string) => (group === "files" ? decodeName(fromBinary(raw)).text : raw);
  const values = Object.entries(fields).map(([field, [before, after]]) => ({
    field,
    before: valueText(before),
    after: valueText(after),
  }));
  return { group, change, system, name: text(name), from: from === null ? null : text(from), values };
}

function valueText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
