import { endAll } from "@guestkit/core/kit";
import type { Command } from "./command.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

const controller = new AbortController();

/** Ctrl-C: the first stops in an orderly way, the second at once. Verbs that only read end at the first. */
export function interruption({ graceful }: Command): AbortSignal {
  if (graceful) for (const signal of SIGNALS) process.on(signal, stop);
  return controller.signal;
}

function stop(): void {
  if (controller.signal.aborted) endAtOnce();
  process.stderr.write("guestkit: stopping; once more ends it at once\n");
  controller.abort();
}

/** From here on a signal ends the process by itself: what is left (an exit that waits for a hung disk) listens no more. */
export function listenNoMore(): void {
  for (const signal of SIGNALS) process.removeListener(signal, stop);
}

/** By a signal of our own: `process.exit` waits for reads that hang. A shell sees 130, as for the first. */
function endAtOnce(): void {
  endAll();
  listenNoMore();
  process.kill(process.pid, "SIGINT");
}
