import { GuestkitError } from "@guestkit/core/kit";
import { actorOf, lockProject, readAddress } from "@guestkit/core/project";
import { EXIT, type Invocation } from "../command/command.ts";
import { writeJson, writeOut } from "../output/stdout.ts";
import { openSession } from "../project/session.ts";

export async function run(invocation: Invocation): Promise<number> {
  const [given = "", id = ""] = invocation.positionals;
  const address = readAddress(given);
  const { project, call, file } = await openSession(invocation);
  const entry = project.entries.get(address);
  if (entry?.contract.kind !== "resource") {
    const known = [...project.entries.values()].filter((each) => each.contract.kind === "resource");
    throw new GuestkitError(
      "E_IMPORT_ADDRESS",
      `Cannot import ${address}: the file declares no resource of that address`,
      {
        at: { file },
        help: `Addresses: ${known.map((each) => each.address).join(", ") || "none"}`,
      },
    );
  }
  await using _lock = await lockProject(file, call);
  const state = await call.engine.import(entry.contract, id, {
    signal: invocation.signal,
    owner: actorOf(call.owned, address),
  });
  await call.owned.add({ address, id: String(state.id) });
  if (invocation.flags.has("json")) writeJson(state);
  else writeOut(`${address}: imported ${String(state.id)}\n`);
  return EXIT.done;
}
