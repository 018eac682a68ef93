import { z } from "zod";
import type { Declaration } from "../declare.ts";

/** What the output of a query or an action is as a document: an action's has, on the command line, `changed` before it. */
export function answerOf({ kind, output }: Declaration): z.ZodType {
  if (kind !== "action") return output;
  const changed = z.boolean().optional().describe("Whether anything was changed, or would be.");
  return z.object({ changed, ...output.shape });
}
