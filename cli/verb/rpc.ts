import { serve } from "@guestkit/core/rpc";
import type { Invocation } from "../command/command.ts";

export async function run({ signal }: Invocation): Promise<number> {
  await serve(process.stdin, process.stdout, signal, async (far, stop) =>
    (await import("@guestkit/core/remote")).openEngine({ ...far, signal: stop }),
  );
  return 0;
}
