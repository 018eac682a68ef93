import type { QueryImplementation } from "../engine/implementation.ts";
import { info } from "../inspect/index.ts";
import type { ValueObject } from "../model/value.ts";

export const imageInfo: QueryImplementation = {
  read: async (input, { signal }) => (await info(String(input.disk_image), { signal })) as unknown as ValueObject,
};
