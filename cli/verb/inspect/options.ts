import { type InspectOptions, reportCacheDir } from "@guestkit/core/inspect";
import type { Invocation } from "../../command/command.ts";
import { placeOf } from "../place.ts";

/** With the folder where reports are kept, unless they are not to be. */
export async function optionsOf(invocation: Invocation): Promise<InspectOptions> {
  const place = placeOf(invocation);
  return invocation.flags.has("no-cache") ? place : { ...place, cacheDir: await reportCacheDir() };
}
