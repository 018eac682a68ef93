import { EXIT, type Invocation } from "../command/command.ts";
import { completionScript } from "../command/completion.ts";
import { writeOut } from "../output/stdout.ts";

export async function run({ positionals }: Invocation): Promise<number> {
  writeOut(completionScript(positionals[0] ?? ""));
  return EXIT.done;
}
