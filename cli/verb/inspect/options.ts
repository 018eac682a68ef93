import { type InspectOptions, reportCacheDir } from "@guestkit/core/inspect";
import { factGroups } from "@guestkit/core/kit";
import type { Invocation } from "../../command/command.ts";
import { placeOf } from "../place.ts";

/** With the folder where reports are kept, unless they are not to be. */
export async function optionsOf(invocation: Invocation): Promise<InspectOptions> {
  const options = { ...placeOf(invocation), facts: factGroups(invocation.lists.facts ?? []) };
  return invocation.flags.has("no-cache") ? options : { ...options, cacheDir: await reportCacheDir() };
}
