import { randomUUID } from "node:crypto";
import type { CallOptions, EngineFace, Machine } from "@guestkit/core/engine";
import { type Actor, parseOwner, spellOwner } from "@guestkit/core/kit";
import { isObject, type Value } from "@guestkit/core/model";
import type { Session } from "./session.ts";

const FACE = "terraform";

/** What Terraform keeps for us with a resource, and shows to nobody. */
export interface Private {
  /** By which id it owns the thing. */
  readonly owner: string;
  /** Where the thing is; left out by earlier releases. */
  readonly machine?: Machine;
  /** The id of a thing that an import brought into the state: the import only read it, the first change takes it over. */
  readonly imported?: string;
}

/** The private data of a resource; null where it has none yet, or none of ours. */
export function readPrivate(data: Uint8Array | undefined): Private | null {
  try {
    const { owner, machine, imported } = JSON.parse(Buffer.from(data ?? []).toString("utf8")) as Partial<Private>;
    if (typeof owner !== "string" || owner === "") return null;
    return { owner, ...(isMachine(machine) && { machine }), ...(typeof imported === "string" && { imported }) };
  } catch {
    return null;
  }
}

const isText = (value: unknown) => value === null || typeof value === "string";

const isMachine = (value: Partial<Machine> | undefined): value is Machine =>
  typeof value === "object" && value !== null && isText(value.host) && isText(value.id);

/** The same of the attribute `owner` in a state. */
export function privateOf(owner: unknown): Private | null {
  const found = typeof owner === "string" ? parseOwner(owner) : null;
  return found?.face === FACE && found.project !== null ? { owner: found.project } : null;
}

/** The attribute of a state or a plan, as Terraform holds it; null in one that an earlier release wrote. */
export const ownerIn = (state: Value): Value => (isObject(state) ? (state.owner ?? null) : null);

/** The attribute. */
export const ownerAttribute = ({ owner }: Private): string => spellOwner({ face: FACE, project: owner });

/** By a new id, which no other state can have. */
export const newPrivate = (): Private => ({ owner: randomUUID() });

export const writePrivate = (kept: Private): Buffer => Buffer.from(JSON.stringify(kept));

/**
 * The engine where a thing of the state is looked for, and what is kept of it from now on; without an `id`, where one that
 * was planned is made. Throws `E_HOST_CHANGED` where that is another machine than it was made on, or planned for: that it
 * is not there would say nothing.
 */
export async function engineFor(
  session: Session,
  id: unknown,
  kept: Private | null,
): Promise<{ readonly engine: EngineFace; readonly kept: Private | null }> {
  const engine = await session.engine();
  const { machine } = engine;
  if (kept) await demandSame({ id, machine: kept.machine }, machine);
  return { engine, kept: kept && { ...kept, machine } };
}

/** What earlier releases made is where they ran: they knew no other machine. */
const UNTOLD: Machine = { host: null, id: null };

async function demandSame({ id, machine }: { id: unknown; machine: Machine | undefined }, now: Machine): Promise<void> {
  if (id === undefined && machine === undefined) return;
  const { demandMachine, demandPlanned } = await import("@guestkit/core/remote");
  if (id !== undefined) demandMachine(String(id), machine ?? UNTOLD, now);
  else if (machine) demandPlanned(machine, now);
}

/** What is kept once a change was made: it took over what was imported. */
export const changed = ({ imported: _, ...kept }: Private): Private => kept;

/** For whom the engine works. `isListed`: the state has the thing already, under whatever id. */
export function ownerOptions(type: string, { owner, imported }: Private, isListed: boolean): CallOptions {
  const actor: Actor = { face: FACE, project: owner, takeOver: takeOver(type, isListed) };
  return { owner: actor, isListed: () => isListed, isImported: (id) => id === imported };
}

function takeOver(type: string, isListed: boolean): string {
  const way = `terraform import ${type}.NAME "{id}"`;
  if (!isListed) return `Take it over: ${way}.`;
  return `Take it over: terraform state rm ${type}.NAME (which leaves it as it is), then ${way}.`;
}
