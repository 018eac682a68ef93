import type { QueryImplementation } from "../engine/implementation.ts";
import { inspect } from "../inspect/index.ts";
import { factGroups } from "../kit/fact-groups.ts";
import { isList, type Value, type ValueObject } from "../model/value.ts";
import { placeOf } from "./place.ts";

export const inspection: QueryImplementation = {
  read: async (input, context) => {
    const report = await inspect(String(input.disk_image), {
      ...placeOf(input, context),
      facts: groupsOf(input.facts),
      cacheDir: context.settings.cacheDir,
    });
    return report as unknown as ValueObject;
  },
};

function groupsOf(names: Value | undefined) {
  return isList(names ?? null) ? factGroups((names as readonly Value[]).map(String)) : undefined;
}
