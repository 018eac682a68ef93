import { formatSize } from "@guestkit/core/kit";
import { pruneCache } from "@guestkit/core/resource";
import { EXIT, type Invocation } from "../command/command.ts";
import { usage } from "../command/parse.ts";
import { writeJson, writeOut } from "../output/stdout.ts";

const DAY = 86_400_000;
const DEFAULT_DAYS = "30";

export async function run({ flags, values, command }: Invocation): Promise<number> {
  const days = Number(flags.has("all") ? 0 : (values["older-than"] ?? DEFAULT_DAYS).replace(/d$/, ""));
  if (!(days >= 0)) throw usage(command, `--older-than must be a number of days, not "${values["older-than"]}"`);
  const check = flags.has("dry-run");
  const pruned = await pruneCache(days * DAY, check);
  if (flags.has("json")) writeJson(pruned);
  else writeOut(`${check ? "Would free" : "Freed"} ${formatSize(pruned.bytes)} in ${pruned.entries} entries.\n`);
  return EXIT.done;
}
