import { GuestkitError } from "@guestkit/core/kit";
import {
  actorOf,
  type Entry,
  listedAt,
  lockProject,
  type Project,
  readAddress,
  siteOf,
  thingAt,
} from "@guestkit/core/project";
import { EXIT, type Invocation } from "../command/command.ts";
import { writeJson, writeOut } from "../output/stdout.ts";
import { openSession } from "../project/session.ts";

export async function run(invocation: Invocation): Promise<number> {
  const [given = "", named = ""] = invocation.positionals;
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
  const id = idOf(named, entry, project);
  await using _lock = await lockProject(file, call);
  const site = await siteOf(entry.host, call);
  const owner = actorOf(call.owned, thingAt(entry));
  const state = await site.engine.import(entry.contract, id, { signal: invocation.signal, owner });
  await call.owned.add(listedAt(entry, String(state.id), site));
  if (invocation.flags.has("json")) writeJson(state);
  else writeOut(`${address}: imported ${String(state.id)}\n`);
  return EXIT.done;
}

/** What HOST:ID says beside the host, which is where the file declares the thing. */
function idOf(named: string, { address, host }: Entry, { hosts }: Project): string {
  const [given = ""] = named.split(":", 1);
  if (!hosts.has(given) || given.length === named.length) return named;
  if (given === host) return named.slice(given.length + 1);
  const where = host === null ? "on this host" : `on ${host}`;
  throw new GuestkitError("E_IMPORT_HOST", `Cannot import "${named}": the file declares ${address} ${where}`, {
    help: `Say in the file where it is (host: ${given}), or name what is there: guestkit import '${address}' ID`,
  });
}
