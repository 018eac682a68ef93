import type { QueryImplementation } from "../engine/implementation.ts";
import { type SbomFormat, sbom } from "../sbom/index.ts";
import { placeOf } from "./place.ts";

export const imageSbom: QueryImplementation = {
  read: async (input, context) => {
    const facts = input.languages === true ? (["languages"] as const) : [];
    const options = { ...placeOf(input, context), cacheDir: context.settings.cacheDir, facts };
    const { text, serial, total, warnings } = await sbom(String(input.disk_image), input.format as SbomFormat, options);
    return { content: text, serial_number: serial, total, warnings };
  },
};
