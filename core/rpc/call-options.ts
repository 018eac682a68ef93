import type { CallOptions, PreflightOptions } from "../engine/engine-face.ts";
import type { Gone } from "../engine/implementation.ts";
import type { Actor } from "../kit/owner.ts";
import { isList, isObject, type Value, type ValueObject } from "../model/value.ts";

/** What the engine is told of one call beside its declaration: as parameters of rpc, and back. */
type Told = Pick<PreflightOptions, "owner" | "isListed" | "isImported" | "goes" | "isHeld">;

/** `isListed` and `isImported` are told of the one thing that the call is about. */
export function writeOptions(options: PreflightOptions, id: string): ValueObject {
  const { owner, isListed, isImported, goes, isHeld } = options;
  return {
    ...(owner && { actor: writeActor(owner) }),
    ...(isListed?.(id) && { is_listed: true }),
    ...(isImported?.(id) && { is_imported: true }),
    ...(isHeld && { is_held: true }),
    ...(goes && goes.length > 0 && { goes: goes.map(({ contract, id }) => ({ contract, id })) }),
  };
}

/** Parameters that are none of these, or wrong, count as not given. */
export function optionsIn({ actor, is_listed, is_imported, is_held, goes }: Readonly<Record<string, Value>>): Told {
  const owner = readActor(actor ?? null);
  return {
    ...(owner && { owner }),
    ...(is_listed === true && { isListed: () => true }),
    ...(is_imported === true && { isImported: () => true }),
    ...(is_held === true && { isHeld: true }),
    ...(isList(goes ?? null) && { goes: (goes as readonly Value[]).flatMap(goneOf) }),
  };
}

function goneOf(value: Value): Gone[] {
  if (!isObject(value) || typeof value.contract !== "string" || typeof value.id !== "string") return [];
  return [{ contract: value.contract, id: value.id }];
}

function writeActor({ face, project, file, isNamed, takeOver, isSame }: Actor): ValueObject {
  return {
    ...{ face, project },
    ...(file !== undefined && { file }),
    ...(isNamed && { is_named: true }),
    ...(takeOver !== undefined && { take_over: takeOver }),
    ...(isSame !== undefined && { is_same: isSame }),
  };
}

function readActor(value: Value): CallOptions["owner"] | null {
  if (!isObject(value) || typeof value.face !== "string") return null;
  const { face, project, file, is_named, take_over, is_same } = value;
  return {
    ...{ face, project: typeof project === "string" ? project : null },
    ...(typeof file === "string" && { file }),
    ...(is_named === true && { isNamed: true }),
    ...(typeof take_over === "string" && { takeOver: take_over }),
    ...(typeof is_same === "string" && { isSame: is_same }),
  };
}
