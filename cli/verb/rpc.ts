import type { Invocation } from "../command/command.ts";
import { serve } from "../rpc/serve.ts";

export async function run({ signal }: Invocation): Promise<number> {
  await serve(process.stdin, process.stdout, signal);
  return 0;
}
