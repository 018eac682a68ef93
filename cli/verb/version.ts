import { PROTOCOL } from "@guestkit/core/kit";
import { EXIT, type Invocation } from "../command/command.ts";
import { writeJson, writeOut } from "../output/stdout.ts";
import { VERSION } from "../version.ts";

export async function run({ flags }: Invocation): Promise<number> {
  const node = process.versions.node;
  if (flags.has("json")) writeJson({ version: VERSION, protocol: PROTOCOL, node });
  else writeOut(`guestkit ${VERSION} (rpc protocol ${PROTOCOL}, node ${node})\n`);
  return EXIT.done;
}
