import type { QueryImplementation } from "../engine/implementation.ts";
import { inspectDisk } from "../inspect/index.ts";
import type { ValueObject } from "../model/value.ts";
import { openImageOf, placeOf } from "./place.ts";

export const inspection: QueryImplementation = {
  read: async (input, context) => {
    await using disk = await openImageOf(input, context);
    return (await inspectDisk(disk, placeOf(input, context))) as unknown as ValueObject;
  },
};
