import type { Progress } from "../kit/context.ts";
import { bringMissing } from "./conversation.ts";
import { hostNamed } from "./host.ts";
import { whatMayBeBrought } from "./may-bring.ts";

/** Sees that a host has an engine to run words by, of whatever release; gives whether it was brought just now. Throws `E_HOST_...`. */
export async function ensureEngine(
  host: string,
  options: { readonly signal: AbortSignal; readonly progress: (event: Progress) => void },
): Promise<boolean> {
  return await bringMissing(hostNamed(host), { ...options, payloads: await whatMayBeBrought({}) });
}
