import type { Context } from "../../kit/context.ts";

/** The same context, and what is told in it as a warning. */
export function withWarnings(context: Context): { readonly context: Context; readonly warnings: string[] } {
  const warnings: string[] = [];
  const progress: Context["progress"] = (event) => {
    if (event.warning) warnings.push([event.phase, event.detail].filter(Boolean).join(" "));
    context.progress(event);
  };
  return { context: { ...context, progress }, warnings };
}
