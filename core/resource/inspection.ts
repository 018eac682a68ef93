import type { QueryImplementation } from "../engine/implementation.ts";
import { inspect } from "../inspect/index.ts";
import type { ValueObject } from "../model/value.ts";
import { placeOf } from "./place.ts";

export const inspection: QueryImplementation = {
  read: async (input, context) => {
    const report = await inspect(String(input.disk_image), {
      ...placeOf(input, context),
      cacheDir: context.settings.cacheDir,
    });
    return report as unknown as ValueObject;
  },
};
