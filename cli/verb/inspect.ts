import { inspect } from "@guestkit/core/inspect";
import { EXIT, type Invocation } from "../command/command.ts";
import { writeJson, writeOut } from "../output/stdout.ts";
import { shown } from "../output/table.ts";
import { describe } from "./inspect/describe.ts";
import { optionsOf } from "./inspect/options.ts";
import { note } from "./place.ts";

export async function run(invocation: Invocation): Promise<number> {
  const [image = "", ...more] = invocation.positionals;
  if (more.length > 0) return (await import("./inspect/several.ts")).inspectSeveral(invocation);
  const report = await inspect(image, await optionsOf(invocation));
  if (invocation.flags.has("json")) {
    writeJson(report);
    return EXIT.done;
  }
  writeOut(describe(report));
  for (const warning of report.warnings) note(shown(warning));
  return EXIT.done;
}
