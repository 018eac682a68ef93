import { normalise } from "../engine/normalise.ts";
import { identify } from "../engine/plan.ts";
import type { UNKNOWN, ValueObject } from "../model/value.ts";
import type { Places } from "./places.ts";
import type { Entry, Project } from "./project.ts";
import { isSameHost } from "./site.ts";
import type { Owned } from "./state.ts";
import { Values } from "./values.ts";

/** Whether a file declares a very thing under its address, as far as the file and the environment alone tell. */
export function declaredBy(project: Project): (thing: Owned) => boolean {
  const ids = declaredIds(project, new Map());
  return (thing) => isSameHost(thing, { host: null }) && ids.get(thing.address) === thing.id;
}

/** By address what each entry stands for, as far as that tells; null for a query, and where it cannot be told. */
export function declaredIds(project: Project, places: Places): ReadonlyMap<string, string | typeof UNKNOWN | null> {
  const values = new Values(project);
  const idOf = (entry: Entry) => {
    const base = entry.host === null ? project.baseDir : places.get(entry.host)?.baseDir;
    return base === undefined ? null : identityOf(entry, base, values);
  };
  return new Map([...project.entries].map(([address, entry]) => [address, idOf(entry)] as const));
}

/** Of an entry on a host that is not reached: null where it takes that host's folder to tell. */
export function idAnywhere(entry: Entry, values: Values): string | null {
  const [id, other] = ["/", "/other"].map((base) => identityOf(entry, base, values));
  return typeof id === "string" && id === other ? id : null;
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
