import { parentPort } from "node:worker_threads";
import { inspect } from "@guestkit/core/inspect";
import { reportError } from "@guestkit/core/kit";
import type { Outcome, Task } from "./task.ts";

declare global {
  interface ImportMeta {
    /** An expression for what a module exports, where it is no file of its own: in the single executable. */
    readonly loading?: string;
  }
}

/** What a thread evaluates for this module, in the sources as in a bundle, where it is a file of its own as long as it is imported on demand. */
export const loading = import.meta.loading ?? `import(${JSON.stringify(import.meta.url)})`;

/**
 * Answers tasks one after another, in a thread. A report goes as text: it is taken apart again only where it is shown.
 * @public The thread's program calls it by its name.
 */
export function serve(): void {
  parentPort?.on("message", async ({ index, image, options }: Task) => {
    parentPort?.postMessage({ index, outcome: await outcomeOf(image, options) });
  });
}

async function outcomeOf(image: string, options: Task["options"]): Promise<Outcome> {
  try {
    return { report: JSON.stringify(await inspect(image, options)), error: null };
  } catch (error) {
    return { report: null, error: reportError(error) };
  }
}
