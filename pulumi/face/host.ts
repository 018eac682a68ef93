import { type EngineFace, isSameMachine, type Machine } from "@guestkit/core/engine";
import type { Progress } from "@guestkit/core/kit";
import type { Where } from "@guestkit/core/remote";
import { createEngine } from "@guestkit/core/resource";
import type { HostOptions } from "./options.ts";
import { type Place, placeOf, settingsOf } from "./settings.ts";

export interface EngineOptions extends HostOptions {
  /** Of the stack's configuration, without `guestkit:`. */
  readonly get: (key: string) => string | undefined;
  readonly note?: (line: string) => void;
}

const engines = new Map<string, Promise<EngineFace>>();

/**
 * One engine for all calls of a run to one host, so that what it has planned to make is known to whatever stands on that.
 * Throws what opening one on a host throws; it is tried again then.
 */
export async function engineFor({ get, note = () => {}, ...own }: EngineOptions): Promise<EngineFace> {
  const stack = placeOf(get);
  const place = { host: own.host ?? stack.host, remoteInstall: own.remoteInstall ?? stack.remoteInstall };
  const settings = settingsOf(get);
  const key = JSON.stringify([place, settings]);
  const engine = engines.get(key) ?? openAt({ ...place, settings, progress: eachPhaseOnce(place, note) });
  engines.set(key, engine);
  engine.catch(() => engines.delete(key));
  return await engine;
}

/** As `openEngine`; what it takes to reach another host is loaded for one alone. */
export async function openAt(where: Where): Promise<EngineFace> {
  if (!where.host) return createEngine({ settings: where.settings ?? {} });
  const { openEngine } = await import("@guestkit/core/remote");
  return await openEngine(where);
}

function eachPhaseOnce({ host }: Place, note: (line: string) => void): (event: Progress) => void {
  const told = new Set<string>();
  return ({ phase }) => {
    if (!told.has(phase)) note(`${phase} ${host}`);
    told.add(phase);
  };
}

/** What a state that names no machine was made by: an engine where Pulumi ran. */
const HERE: Machine = { host: null, id: null };

/**
 * Demands that a thing of the state is looked for on the machine that it was made on: that it is not on another one would
 * say nothing. Throws `E_HOST_CHANGED`.
 */
export async function demandMachineOf(id: string, kept: Machine | null, now: Machine): Promise<void> {
  if (isSameMachine(kept ?? HERE, now)) return;
  const { demandMachine } = await import("@guestkit/core/remote");
  demandMachine(id, kept ?? HERE, now);
}
