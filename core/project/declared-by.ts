import { normalise } from "../engine/normalise.ts";
import { identify } from "../engine/plan.ts";
import type { UNKNOWN, ValueObject } from "../model/value.ts";
import type { Entry, Project } from "./project.ts";
import { engineOn, type HostName, isSameHost, type Sites } from "./site.ts";
import type { Owned } from "./state.ts";
import { Values } from "./values.ts";

/** Whether a file declares a very thing under its address, as far as the file and the environment alone tell. */
export function declaredBy(project: Project): (thing: Owned) => boolean {
  const ids = declaredIds(project, HERE);
  return (thing) => isSameHost(thing, { host: null }) && ids.get(thing.address) === thing.id;
}

/** Where relative paths start on each host that is known, but for this one. */
export type Bases = ReadonlyMap<HostName, string>;

const HERE: Bases = new Map();

/** Those of the hosts that the file's things are on; a host that cannot be reached has none. */
export async function basesOf(project: Project, sites: Sites): Promise<Bases> {
  const all = [...(project.whole ?? project).entries.values()];
  const hosts = [...new Set(all.map(({ host }) => host))].filter((host) => host !== null);
  const opened = await Promise.allSettled(hosts.map((host) => engineOn(host, sites)));
  return new Map(
    opened.flatMap((each, at) => (each.status === "fulfilled" ? [[hosts[at] as string, each.value.baseDir]] : [])),
  );
}

/** By address what each entry stands for, as far as that tells; null for a query, and where it cannot be told. */
export function declaredIds(project: Project, bases: Bases): ReadonlyMap<string, string | typeof UNKNOWN | null> {
  const values = new Values(project);
  const idOf = (entry: Entry) => {
    const base = entry.host === null ? project.baseDir : bases.get(entry.host);
    return base === undefined ? null : identityOf(entry, base, values);
  };
  return new Map([...project.entries].map(([address, entry]) => [address, idOf(entry)] as const));
}

/** A reference that cannot be resolved is told when the entry is planned. */
function identityOf({ contract, config }: Entry, baseDir: string, values: Values): string | typeof UNKNOWN | null {
  if (contract.kind !== "resource") return null;
  try {
    const identity: ValueObject = Object.fromEntries(contract.identity.map((name) => [name, config[name] ?? null]));
    return identify(contract, normalise(contract.input, values.evaluate(identity)), baseDir);
  } catch {
    return null;
  }
}
