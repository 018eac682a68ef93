import { isAbsolute } from "node:path";
import type { Entry, Project } from "./project.ts";
import { type HostName, hostOf, isSameHost, onHost, type Sites, siteOf } from "./site.ts";
import { contractNameOf, type Owned, type OwnedThings } from "./state.ts";

/** Where a host's name leads now. */
export interface Place {
  /** Where relative paths start there. */
  readonly baseDir: string;
  /** Null where the machine has none. */
  readonly machineId: string | null;
  /** Where things that go by a name lie. */
  readonly dataDir: string;
}

/** Of this host and of those that are reached. */
export type Places = ReadonlyMap<HostName, Place>;

/** Those of the hosts that things of the file (for a part: its own) are on, or were; one that cannot be reached has none. */
export async function placesOf(project: Project, call: Sites & { readonly owned: OwnedThings }): Promise<Places> {
  const { entries, whole, baseDir } = project;
  const listed = whole ? [...entries.keys()].flatMap((address) => call.owned.at(address)) : call.owned.all;
  const hosts = [...new Set([null, ...[...entries.values(), ...listed].map(hostOf)])];
  const opened = await Promise.allSettled(hosts.map((host) => placeOf(host, baseDir, call)));
  return new Map(
    opened.flatMap((each, at) => (each.status === "fulfilled" ? [[hosts[at] as HostName, each.value]] : [])),
  );
}

async function placeOf(host: HostName, here: string, sites: Sites): Promise<Place> {
  const { engine, machineId } = await siteOf(host, sites);
  return { baseDir: host === null ? here : engine.baseDir, machineId, dataDir: engine.settings.dataDir };
}

/**
 * What a thing is, as one text, by whichever of its names a machine is reached: a path is the machine's, and what goes by a
 * name is of one data folder there. A machine without an id counts by its name.
 */
export function tellThing(thing: Owned, places: Places): string {
  const host = hostOf(thing);
  const what = `${contractNameOf(thing.address)} ${thing.id}`;
  const place = places.get(host);
  const machine = machineOf(thing, places);
  if (machine === null) return onHost(host, what);
  if (isAbsolute(thing.id)) return `machine ${machine}: ${what}`;
  return place?.machineId === machine ? `machine ${machine} ${place.dataDir}: ${what}` : onHost(host, what);
}

type On = Pick<Owned, "host" | "machine_id">;

/** Whether two are on one machine for certain: by one name, or by its id. */
export function isOneMachine(a: On, b: On, places: Places): boolean {
  const machine = machineOf(a, places);
  return isSameHost(a, b) || (machine !== null && machine === machineOf(b, places));
}

const machineOf = (thing: On, places: Places): string | null =>
  thing.machine_id ?? places.get(hostOf(thing))?.machineId ?? null;

/**
 * Whether an entry of a host that is not reached may stand for a thing that is listed under another host: its name may lead
 * to the same machine. What is listed under the name tells which machine that was. `id`: null where it cannot be told.
 */
export function mayStandFor(
  { address, host }: Pick<Entry, "address" | "host">,
  id: string | null,
  { thing, owned }: { readonly thing: Owned; readonly owned: OwnedThings },
): boolean {
  if (contractNameOf(address) !== contractNameOf(thing.address)) return false;
  if (id !== null && id !== thing.id) return false;
  const machine = owned.all.find((each) => hostOf(each) === host && each.machine_id !== undefined)?.machine_id;
  const other = machineOf(thing, owned.places);
  return machine === undefined || other === null || machine === other;
}
