import type { Context } from "../kit/context.ts";
import { type Actor, isOwn, spellOwner } from "../kit/owner.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { ResourceImplementation } from "./implementation.ts";
import { type Deed, demandOwnership, ownership, recordedOwner, takeOver } from "./ownership.ts";

/** A thing by its id, with what reaches it, for one call. */
export interface Held {
  readonly implementation: ResourceImplementation;
  readonly id: string;
  readonly context: Context;
}

/** The host path that stands for a thing. */
export function placeOf({ implementation, id, context }: Held): string {
  return implementation.place?.(id, context.settings) ?? id;
}

/** The path beside which its record is. */
export function anchorOf(held: Held): string {
  return held.implementation.anchor?.(held.id, held.context.settings) ?? placeOf(held);
}

/** Whether it can be seen; one that cannot be looked at is not. */
export async function isThere({ implementation, id, context }: Held): Promise<boolean> {
  return (await implementation.observe(id, context).catch(() => null)) !== null;
}

/** What the owner of what is there has to say against a deed, or beside it. */
export async function ownersWord(held: Held, deed: Deed): Promise<readonly Diagnostic[]> {
  if (!deed.actor) return [];
  const recorded = await recordedOwner(anchorOf(held));
  const found = recorded ? ownership(deed, recorded.owner) : [];
  if (found.length === 0 || deed.action !== "create") return found;
  // A record may outlive its thing.
  return (await isThere(held)) ? found : [];
}

/** Takes what is there into guestkit's care, and the actor's: under the lock. Throws what the implementation refuses. */
export async function adopt(held: Held, actor: Actor | null): Promise<void> {
  await held.implementation.adopt?.(held.id, held.context);
  await takeOver(anchorOf(held), actor);
}

/**
 * Under the lock: whose it is may have changed since the plan. Puts what was only imported so far into guestkit's care. Throws
 * what `ownership` refuses.
 */
export async function claim(held: Held, deed: Deed): Promise<void> {
  const isCreate = deed.action === "create";
  if (deed.isImported && !isCreate) {
    // One that is to be removed may be gone.
    if (deed.action !== "delete" || (await isThere(held))) await held.implementation.adopt?.(held.id, held.context);
    return;
  }
  if (!deed.actor) return;
  const recorded = await recordedOwner(anchorOf(held));
  if (!recorded || (isCreate && !(await isThere(held)))) return;
  // What came into a create's place since is not what was imported.
  demandOwnership({ ...deed, isImported: false }, recorded.owner);
}

/** What was changed in place is the actor's from then on. Where the change failed, it is still whose it was. */
export async function keep(held: Held, { action, actor }: Deed): Promise<void> {
  if (action === "update") await takeOver(anchorOf(held), actor);
}

/** Whether it is the owner's for whom the call is, under another name than he goes by now. */
export async function isUnderEarlierName(held: Held): Promise<boolean> {
  const { owner: actor } = held.context.settings;
  const owner = (await recordedOwner(anchorOf(held)))?.owner;
  return Boolean(actor && owner && isOwn(actor, owner) && spellOwner(actor) !== spellOwner(owner));
}
