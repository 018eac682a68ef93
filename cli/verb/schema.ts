import { EXIT, type Invocation } from "../command/command.ts";
import { schemas } from "../generated/schemas.ts";
import { writeJson } from "../output/stdout.ts";

export async function run({ positionals: [name = "guestkit.yaml"] }: Invocation): Promise<number> {
  const found = await schemas[name as keyof typeof schemas]();
  writeJson(found.default);
  return EXIT.done;
}
