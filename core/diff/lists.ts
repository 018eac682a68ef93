import type { Change, Group, Pair } from "./change.ts";

/** How things of one kind are compared. */
export interface Comparison<T> {
  readonly group: Group;
  /** Two of one key are the same thing. */
  key(each: T): string;
  /** What may differ, and what is told of one that came or went. */
  fields(each: T): Readonly<Record<string, unknown>>;
}

/** Things of two lists by their key, in its order. Of several with one key the last counts. */
export function compareLists<T>(
  { group, key, fields }: Comparison<T>,
  before: readonly T[],
  after: readonly T[],
  system: number | null,
): readonly Change[] {
  const [old, now] = [before, after].map((list) => new Map(list.map((each) => [key(each), fields(each)] as const)));
  const names = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].sort(byCode);
  return names.flatMap((name): Change[] => {
    const [was, is] = [old?.get(name), now?.get(name)];
    const differing = pairs(was ?? {}, is ?? {});
    if (was && is && Object.keys(differing).length === 0) return [];
    return [{ group, change: kindOf(was, is), system, name, from: null, fields: differing }];
  });
}

const byCode = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

export const kindOf = (was: unknown, is: unknown): "added" | "removed" | "modified" =>
  was === undefined ? "added" : is === undefined ? "removed" : "modified";

/** The values that are not the same, by their field; null stands for a field that is missing. */
export function pairs(
  was: Readonly<Record<string, unknown>>,
  is: Readonly<Record<string, unknown>>,
): Readonly<Record<string, Pair>> {
  const names = new Set([...Object.keys(was), ...Object.keys(is)]);
  const found = [...names].map((name): [string, Pair] => [name, [was[name] ?? null, is[name] ?? null]]);
  return Object.fromEntries(found.filter(([, [a, b]]) => JSON.stringify(a) !== JSON.stringify(b)));
}
