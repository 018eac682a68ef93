import type { Invocation } from "../../command/command.ts";
import { usage } from "../../command/parse.ts";

/** A path here, and one in a machine. */
export interface Sides {
  readonly name: string;
  readonly remote: string;
  readonly local: string;
  /** Out of the machine. */
  readonly out: boolean;
}

/** SOURCE and DEST. A machine's name holds neither colon nor slash: `./a:b` is a path here. Throws `E_USAGE`. */
export function sidesOf({ positionals: [source = "", dest = ""], command }: Invocation): Sides {
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
