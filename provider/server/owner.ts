import { randomUUID } from "node:crypto";
import type { CallOptions } from "@guestkit/core/engine";
import { type Actor, parseOwner, spellOwner } from "@guestkit/core/kit";
import { isObject, type Value } from "@guestkit/core/model";

const FACE = "terraform";

/** What Terraform keeps for us with a resource, and shows to nobody: by which id it owns the thing. */
export interface Private {
  readonly owner: string;
}

/** The private data of a resource; null where it has none yet, or none of ours. */
export function readPrivate(data: Uint8Array | undefined): Private | null {
  try {
    const { owner } = JSON.parse(Buffer.from(data ?? []).toString("utf8")) as Partial<Private>;
    return typeof owner === "string" && owner !== "" ? { owner } : null;
  } catch {
    return null;
  }
}

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

/** For whom the engine works. `isListed`: the state has the thing already, under whatever id. */
export function ownerOptions(type: string, { owner }: Private, isListed: boolean): CallOptions {
  const actor: Actor = { face: FACE, project: owner, takeOver: takeOver(type, isListed) };
  return { owner: actor, isListed: () => isListed };
}

function takeOver(type: string, isListed: boolean): string {
  const way = `terraform import ${type}.NAME "{id}"`;
  if (!isListed) return `Take it over: ${way}.`;
  return `Take it over: terraform state rm ${type}.NAME (which leaves it as it is), then ${way}.`;
}
