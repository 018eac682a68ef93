import { copyFromGuest, copyToGuest, liveRun, reachMachine, type Via } from "@guestkit/core/machine";
import { EXIT, type Invocation } from "../../command/command.ts";
import { usage } from "../../command/parse.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { flags, values, signal } = invocation;
  const { name, remote, local, out } = sides(invocation);
  const reached = await reachMachine(name, signal);
  const options = { recursive: flags.has("recursive"), via: (values.via ?? "auto") as Via };
  const copy = out ? copyFromGuest : copyToGuest;
  const { machine, folder, context } = reached;
  await copy(machine, folder, await liveRun(reached), { local, remote }, options, context);
  return EXIT.done;
}

interface Sides {
  readonly name: string;
  readonly remote: string;
  readonly local: string;
  readonly out: boolean;
}

/** A machine's name holds neither colon nor slash: `./a:b` is a path here. */
function sides({ positionals: [source = "", dest = ""], command }: Invocation): Sides {
  const from = inGuest(source);
  const to = inGuest(dest);
  if (from && !to) return { ...from, local: dest, out: true };
  if (to && !from) return { ...to, local: source, out: false };
  throw usage(command, from ? "both sides are in machines: copy by way of this host" : "no side is NAME:PATH");
}

function inGuest(text: string): { name: string; remote: string } | null {
  const [, name, path] = /^([A-Za-z0-9][A-Za-z0-9_-]*):(.*)$/s.exec(text) ?? [];
  return name === undefined ? null : { name, remote: path || "." };
}
