import type { QueryImplementation } from "../engine/implementation.ts";
import { info } from "../inspect/index.ts";
import type { ValueObject } from "../model/value.ts";
import { placeOf } from "./place.ts";

export const imageInfo: QueryImplementation = {
  read: async (input, context) =>
    (await info(String(input.disk_image), placeOf(input, context))) as unknown as ValueObject,
};
