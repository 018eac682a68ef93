import { GuestkitError } from "../kit/errors.ts";
import { type Actor, describeOwner, isOwn, type Owner, ownerOf, spellOwner } from "../kit/owner.ts";
import type { Contract } from "../model/contract.ts";
import type { ValueObject } from "../model/value.ts";
import { type Diagnostic, problem, warning } from "./diagnostic.ts";
import type { PlanAction } from "./plan.ts";
import { readRecord, writeRecord } from "./record.ts";

/** What is to be done with a thing, and for whom. */
export interface Deed {
  readonly contract: Contract;
  readonly id: string;
  readonly action: PlanAction;
  /** Nobody: what is done by name is done to anybody's. */
  readonly actor: Actor | null;
  /** The caller's own list or state has the thing. */
  readonly isListed: boolean;
  /** The caller's state has it by an import that only read it. */
  readonly isImported: boolean;
  /** The declaration that is wanted; null to remove. */
  readonly config: ValueObject | null;
}

/** What the record of a thing says of its owner; null without a record. */
export async function recordedOwner(anchor: string): Promise<{ readonly owner: Owner | null } | null> {
  return await readRecord(anchor);
}

/** What the owner of a thing, `null` where nobody owns it, has to say against a deed. */
export function ownership(deed: Deed, owner: Owner | null): readonly Diagnostic[] {
  const { actor } = deed;
  if (!actor) return [];
  if (isOwn(actor, owner)) return isForgotten(deed, owner) ? [forgotten(deed, actor, owner)] : [];
  if (owner !== null) return [deed.isImported ? contested(deed, actor, owner) : refusal(deed, actor, owner)];
  if (deed.action === "none" || deed.isListed) return [];
  if (deed.action === "update") return [taken(deed, actor)];
  return deed.config?.overwrite === true ? [] : [refusal(deed, actor, null)];
}

/** Throws what `ownership` refuses. */
export function demandOwnership(deed: Deed, owner: Owner | null): void {
  const refused = ownership(deed, owner).find((each) => each.severity === "error");
  if (refused)
    throw new GuestkitError(refused.code, refused.message, { help: refused.help, at: { field: refused.path } });
}

/** Writes down who owns a thing from now on. Throws as `writeRecord`. */
export async function takeOver(anchor: string, actor: Actor | null): Promise<void> {
  const record = actor && (await readRecord(anchor));
  if (!record) return;
  const owner = ownerOf(actor);
  if (JSON.stringify(owner) !== JSON.stringify(record.owner)) await writeRecord(anchor, { ...record, owner });
}

/**
 * It is there, its owner's list or state no longer has it, and `overwrite` would throw it away: that is for what guestkit did
 * not make.
 */
const isForgotten = ({ action, isListed, config }: Deed, owner: Owner | null): boolean =>
  owner !== null && action === "create" && !isListed && config?.overwrite === true;

function forgotten(deed: Deed, actor: Actor, owner: Owner | null): Diagnostic {
  const message = `Cannot create "${deed.id}": ${spellOwner(actor)} made it, and its state has it no longer`;
  return problem("E_OWNER_FORGOTTEN", deed.contract.identity.slice(0, 1), message, help(deed, actor, owner));
}

function refusal(deed: Deed, actor: Actor, owner: Owner | null): Diagnostic {
  const { contract, id, action } = deed;
  const why = owner === null ? "nobody owns it, and it is not to be replaced or removed unasked" : belongs(owner);
  const verb = action === "none" ? "manage" : action;
  const code = owner === null ? "E_OWNER_NONE" : "E_OWNER";
  return problem(code, contract.identity.slice(0, 1), `Cannot ${verb} "${id}": ${why}`, help(deed, actor, owner));
}

const belongs = (owner: Owner) => `it belongs to ${describeOwner(owner)}`;

function help({ contract, id }: Deed, actor: Actor, owner: Owner | null): string {
  const filled = (text: string) =>
    text
      .replaceAll("{id}", () => id)
      .replaceAll("{contract}", contract.name)
      .replaceAll("{owner}", () => (owner === null ? "none" : spellOwner(owner)))
      .replaceAll("{project}", () => owner?.project ?? "");
  const same = owner?.face === actor.face && owner.project !== null ? (actor.isSame ?? null) : null;
  const ways = [actor.takeOver ?? "Take it over by an import.", ...(same === null ? [] : [same])].map(filled);
  return `${ways.join(" ")} Or give this one another ${contract.identity.join(", ")}.`;
}

function taken(deed: Deed, actor: Actor): Diagnostic {
  const message = `"${deed.id}" has no owner yet: from this change on it belongs to ${spellOwner(actor)}`;
  return told(deed, message, "Give this one another name to leave it alone.");
}

/** An import is the user's word that it is to change hands; whoever owns it so far does not know. */
function contested(deed: Deed, actor: Actor, owner: Owner): Diagnostic {
  const { id, action } = deed;
  const becomes = {
    none: `the first change takes it over for ${spellOwner(actor)}`,
    delete: "it was imported, and is removed all the same",
  };
  const then =
    action in becomes ? becomes[action as keyof typeof becomes] : `from this change on to ${spellOwner(actor)}`;
  const way = "Take it out of there, too: two that care for one thing undo each other's changes.";
  return told(deed, `"${id}" belongs to ${describeOwner(owner)}: ${then}`, way);
}

const told = ({ contract }: Deed, message: string, help: string): Diagnostic =>
  warning("W_OWNER_TAKEN", contract.identity.slice(0, 1), message, help);
