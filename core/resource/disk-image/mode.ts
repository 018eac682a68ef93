import { chmod, stat } from "node:fs/promises";
import type { Drift } from "../../engine/implementation.ts";
import { umask } from "../../host/umask.ts";
import type { ValueObject } from "../../model/value.ts";
import { asCanonical } from "./input.ts";
import { hasSecrets, type Memory } from "./memory.ts";

/** Permission bits of a new image: as declared, else the owner's alone where it holds secrets, else by the umask. */
export function modeOf(declared: ValueObject): number {
  const { mode } = asCanonical(declared);
  if (mode !== null) return Number.parseInt(mode, 8);
  return hasSecrets(declared) ? 0o600 : 0o666 & ~umask();
}

/** Whether others are not to see it while it is made, either. */
export const isPrivate = (declared: ValueObject): boolean =>
  asCanonical(declared).mode !== null || hasSecrets(declared);

/** Gives an image that is there the bits that it is to have, before anything is written to it. */
export async function settleMode(id: string, declared: ValueObject, memory: Memory): Promise<void> {
  const { mode } = asCanonical(declared);
  const isGone = mode === null && (memory.declared.mode ?? null) !== null;
  if (mode === null && !isGone && !hasSecrets(declared)) return;
  const wanted = modeOf(declared);
  if (((await stat(id)).mode & 0o777) !== wanted) await chmod(id, wanted);
}

/** The bits as they are, in the declared spelling, and where they depart from it; null where none are declared. */
export function observedMode(bits: number, memory: Memory | null): { input: ValueObject; drift: readonly Drift[] } {
  if (!memory) return { input: {}, drift: [] };
  const { mode: declared } = memory.declared;
  if (typeof declared !== "string") return { input: { mode: null }, drift: [] };
  const mode = (bits & 0o777).toString(8).padStart(3, "0").padStart(declared.length, "0");
  const why = `the file has the mode ${mode}`;
  return { input: { mode }, drift: mode === declared ? [] : [{ path: "mode", why, action: "update" }] };
}
