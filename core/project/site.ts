import type { EngineFace, Machine } from "../engine/engine-face.ts";
import { isSameMachine } from "../engine/machine.ts";
import { asGuestkitError, GuestkitError } from "../kit/errors.ts";
import type { HostSetting } from "./hosts.ts";
import type { Project } from "./project.ts";
import type { Owned } from "./state.ts";

/** A host of the file by its name; null: this one. */
export type HostName = string | null;

/** An engine, and the machine on which it works. */
export interface Site {
  readonly engine: EngineFace;
  /** What tells the machine from every other one; null where nothing does. */
  readonly machineId: string | null;
  /** As the file has it; left out for this host. */
  readonly address?: string;
}

/** Engines of the places where a file has things. */
export interface Sites {
  /** The one of this host. */
  readonly engine: EngineFace;
  /** The one of a host of the file; left out where no other host is reached. Throws `E_HOST_...`. */
  readonly siteFor?: ((host: string) => Promise<Site>) | undefined;
}

export const hostOf = ({ host }: { readonly host?: HostName }): HostName => host ?? null;

export const isSameHost = (a: { readonly host?: HostName }, b: { readonly host?: HostName }): boolean =>
  hostOf(a) === hostOf(b);

/** A text for what is on one host alone: what is so on another one is another. */
export const onHost = (host: HostName, text: string): string => (host === null ? text : `${host}: ${text}`);

/** Whether it is a host that failed, and not what was asked of it: nothing is known then of its things. */
export const isHostFault = (thrown: unknown): boolean => asGuestkitError(thrown).code.startsWith("E_HOST_");

/** Hosts of a file, each opened by `open` once, at the first need; one that cannot be reached is not tried again. */
export function sitesOf(
  { hosts }: Pick<Project, "hosts">,
  open: (host: HostSetting) => Promise<Site>,
): (host: string) => Promise<Site> {
  const opened = new Map<string, Promise<Site>>();
  return (name) => {
    const known = opened.get(name);
    if (known) return known;
    const setting = hosts.get(name);
    const site = setting ? openAt(setting, open) : Promise.reject(unknownHost(name));
    opened.set(name, site);
    return site;
  };
}

const openAt = async (host: HostSetting, open: (host: HostSetting) => Promise<Site>): Promise<Site> => ({
  ...(await open(host)),
  address: host.address,
});

export async function siteOf(host: HostName, { engine, siteFor }: Sites): Promise<Site> {
  if (host === null) return { engine, machineId: engine.machine.id };
  if (siteFor) return await siteFor(host);
  const help = "Apply the file by guestkit's command line.";
  throw new GuestkitError("E_HOST_HERE", `Cannot reach the host "${host}": nothing does that from here`, { help });
}

export async function engineOn(host: HostName, sites: Sites): Promise<EngineFace> {
  return (await siteOf(host, sites)).engine;
}

/** The engine where a listed thing is. Throws `E_HOST_CHANGED` where its host is another machine by now, and as `siteFor`. */
export async function engineAt(thing: Owned, sites: Sites): Promise<EngineFace> {
  const site = await siteOf(hostOf(thing), sites);
  const kept = keptMachine(thing);
  if (kept && !isSameMachine(kept, machineAt(site))) throw changedHost(thing, kept, machineAt(site));
  return site.engine;
}

/** What the list says of a thing's machine; null in one of an earlier release, and for this host. */
export function keptMachine({ machine_id, host_address }: Pick<Owned, "machine_id" | "host_address">): Machine | null {
  if (machine_id === undefined && host_address === undefined) return null;
  return { host: host_address ?? null, id: machine_id ?? null };
}

/** A machine by what the file and it itself say: by its address where it has no id. */
export const machineAt = ({ machineId, address }: Pick<Site, "machineId" | "address">): Machine => ({
  host: address ?? null,
  id: machineId,
});

function unknownHost(name: string): GuestkitError {
  return new GuestkitError("E_HOST_UNKNOWN", `Cannot reach "${name}": the file has no such host`, {
    help: `What it owns there stays listed. Declare the host again: hosts: { ${name}: { address: ... } }`,
  });
}

const named = ({ host, id }: Machine): string => id ?? `${host ?? "one"}, which has no machine-id`;

function changedHost({ address, id, host }: Owned, kept: Machine, now: Machine): GuestkitError {
  const message = `Cannot look at ${address} ("${id}"): the host "${host}" is the machine ${named(now)} by now, and it was made on ${named(kept)}`;
  return new GuestkitError("E_HOST_CHANGED", message, {
    help: `Give ${host} the address of the old machine again; give the new one a name of its own under hosts; or, if it has the thing as well, take that over: guestkit import '${address}' '${host}:${id}'`,
  });
}
