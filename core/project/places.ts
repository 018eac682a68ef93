import { isAbsolute } from "node:path";
import type { Machine } from "../engine/engine-face.ts";
import { isSameMachine } from "../engine/machine.ts";
import type { Entry, Project } from "./project.ts";
import { type HostName, hostOf, isSameHost, keptMachine, machineAt, onHost, type Sites, siteOf } from "./site.ts";
import { contractNameOf, type Owned, type OwnedThings } from "./state.ts";

/** Where a host's name leads now. */
export interface Place {
  /** Where relative paths start there. */
  readonly baseDir: string;
  readonly machine: Machine;
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
  const site = await siteOf(host, sites);
  const { engine } = site;
  const baseDir = host === null ? here : engine.baseDir;
  return { baseDir, machine: machineAt(site), dataDir: engine.settings.dataDir };
}

/**
 * What a thing is, as one text, by whichever of its names a machine is reached: a path is the machine's, and what goes by a
 * name is of one data folder there. A machine without an id counts by its address.
 */
export function tellThing(thing: Owned, places: Places): string {
  const host = hostOf(thing);
  const what = `${contractNameOf(thing.address)} ${thing.id}`;
  const place = places.get(host);
  const machine = machineOf(thing, places);
  if (machine === null) return onHost(host, what);
  if (isAbsolute(thing.id)) return `machine ${machine}: ${what}`;
  return place && spell(place.machine) === machine
    ? `machine ${machine} ${place.dataDir}: ${what}`
    : onHost(host, what);
}

/** A text for what is on one machine alone, by whichever of its names that is reached. */
export function onMachine(host: HostName, text: string, places: Places): string {
  const machine = spell(places.get(host)?.machine ?? null);
  return machine === null ? onHost(host, text) : `machine ${machine}: ${text}`;
}

type On = Pick<Owned, "machine_id" | "host_address"> & { readonly host?: HostName };

/** Whether two are on one machine for certain: by one name, or by its id. */
export function isOneMachine(a: On, b: On, places: Places): boolean {
  const machine = machineOf(a, places);
  return isSameHost(a, b) || (machine !== null && machine === machineOf(b, places));
}

/** As one text, by its id or else its address; null where nothing tells it. */
const machineOf = (on: On, places: Places): string | null => spell(machineOn(on, places));

/** As the list has it, if that is not so by now. */
function machineOn(on: On, places: Places): Machine | null {
  const kept = keptMachine(on);
  const now = places.get(hostOf(on))?.machine ?? null;
  return kept && now && isSameMachine(kept, now) ? now : (kept ?? now);
}

function spell(machine: Machine | null): string | null {
  if (!machine) return null;
  return machine.id ?? (machine.host === null ? null : `at ${machine.host}`);
}

/**
 * Whether an entry of a host that is not reached may stand for a thing that is listed under another host: its name may lead
 * to the same machine. What is listed under the name tells which machine that was. `told`: its id, null where it cannot be told.
 */
export function mayStandFor(
  { address, host }: Pick<Entry, "address" | "host">,
  told: string | null,
  { thing, owned }: { readonly thing: Owned; readonly owned: OwnedThings },
): boolean {
  if (contractNameOf(address) !== contractNameOf(thing.address)) return false;
  if (told !== null && told !== thing.id) return false;
  const id = owned.all.find((each) => hostOf(each) === host && each.machine_id !== undefined)?.machine_id;
  const other = machineOn(thing, owned.places)?.id ?? null;
  return id === undefined || other === null || id === other;
}
