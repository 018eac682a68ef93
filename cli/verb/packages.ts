import { fullVersion, inspect } from "@guestkit/core/inspect";
import { GuestkitError } from "@guestkit/core/kit";
import { EXIT, type Invocation } from "../command/command.ts";
import { calm } from "../output/json.ts";
import { TextOut } from "../output/stdout.ts";
import { shown, table } from "../output/table.ts";
import { note, placeOf } from "./place.ts";

export async function run(invocation: Invocation): Promise<number> {
  const image = invocation.positionals[0] ?? "";
  const { packages, warnings } = await inspect(image, placeOf(invocation));
  for (const warning of warnings) note(shown(warning));
  if (packages === null) {
    throw new GuestkitError("E_PACKAGES_UNREADABLE", `Cannot list the packages of "${image}": they cannot be read`, {
      help: `See why: guestkit inspect "${image}"`,
    });
  }
  const out = new TextOut();
  if (invocation.flags.has("json")) for (const each of packages) out.write(`${calm(JSON.stringify(each))}\n`);
  else out.write(table(packages.map((each) => [each.name, fullVersion(each), each.arch])));
  out.flush();
  return EXIT.done;
}
