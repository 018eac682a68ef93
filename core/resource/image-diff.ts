import { fromBinary } from "../archive/index.ts";
import { type Change, diffDisks, tallying } from "../diff/index.ts";
import type { QueryImplementation } from "../engine/implementation.ts";
import { reading } from "../inspect/index.ts";
import type { Context } from "../kit/context.ts";
import { decodeName } from "../kit/name.ts";
import { MOST_CHANGES } from "../model/contracts/image-diff-limit.ts";
import type { ValueObject } from "../model/value.ts";
import { placeOf } from "./place.ts";

export const imageDiff: QueryImplementation = {
  read: async (input, context) => {
    const choices = { before: placeOfSide(input, "before", context), after: placeOfSide(input, "after", context) };
    return reading(String(input.before), choices.before, (before) =>
      reading(String(input.after), choices.after, async (after) => {
        const warnings: string[] = [];
        const warn = (side: string, warning: string) => void warnings.push(`${side}: ${warning}`);
        const found = await gather(diffDisks(before, after, { ...optionsOf(input, context), choices, warn }));
        return { ...found, warnings };
      }),
    );
  },
};

/** The fields for both images, with those of one in their place. */
function placeOfSide(input: ValueObject, side: "before" | "after", context: Context) {
  const own = Object.entries(input).flatMap(([name, value]) =>
    name.startsWith(`${side}_`) && value !== null ? [[name.slice(side.length + 1), value]] : [],
  );
  return placeOf({ ...input, ...Object.fromEntries(own) }, context);
}

const optionsOf = ({ path, times }: ValueObject, { signal }: Context) => ({
  ...(typeof path === "string" && { path }),
  times: times === true,
  signal,
});

async function gather(found: AsyncIterable<Change>): Promise<ValueObject> {
  const changes: ValueObject[] = [];
  const { tally, add } = tallying();
  for await (const each of found) {
    add(each);
    if (changes.length < MOST_CHANGES) changes.push(spelled(each));
  }
  const { different, unread } = tally;
  // Without all of them read nobody can say that they are the same.
  const isDifferent = different > 0 || (unread > 0 ? null : false);
  return { is_different: isDifferent, total: different + unread, unread, changes };
}

function spelled({ group, change, system, name, from, fields }: Change): ValueObject {
  // Names of files are raw bytes.
  const text = (raw: string) => (group === "files" ? decodeName(fromBinary(raw)).text : raw);
  const differences = Object.entries(fields).map(([field, [before, after]]) => ({
    field,
    before: valueText(before),
    after: valueText(after),
  }));
  return { group, change, system, name: text(name), from: from === null ? null : text(from), differences };
}

function valueText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
