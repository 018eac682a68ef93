import { isLate } from "../kit/budget.ts";
import { partFault } from "../kit/errors.ts";
import type { Eventual } from "../kit/eventual.ts";
import type { Change, Group } from "./change.ts";

/** Why something could not be read in each of two, code and text; null where it could. */
export type Unread = readonly [before: string | null, after: string | null];

/** Why one part of an image cannot be read. Throws what ends the whole. */
export function reasonOf(thrown: unknown): string {
  if (isLate(thrown)) throw thrown;
  const { code, message } = partFault(thrown);
  return `${code}: ${message}`;
}

/** What two sides gave, or why one of them did not. */
export type Both<T> =
  | { readonly values: readonly [before: T, after: T]; readonly unread: null }
  | { readonly values: null; readonly unread: Unread };

/** Asks both, and waits for both whatever one of them says: nothing of it goes on behind our back. */
export async function both<T>(before: () => Eventual<T>, after: () => Eventual<T>): Promise<Both<T>> {
  const [was, is] = await Promise.allSettled([asked(before), asked(after)]);
  if (was.status === "fulfilled" && is.status === "fulfilled") return { values: [was.value, is.value], unread: null };
  const reason = (side: PromiseSettledResult<T>) => (side.status === "rejected" ? reasonOf(side.reason) : null);
  return { values: null, unread: [reason(was), reason(is)] };
}

/** A fault at once is one like a fault later. */
const asked = async <T>(ask: () => Eventual<T>): Promise<T> => await ask();

/** What is told of it. */
export function unreadChange(group: Group, name: string, system: number | null, reasons: Unread): Change {
  return { group, change: "unread", system, name, from: null, fields: { error: reasons } };
}
